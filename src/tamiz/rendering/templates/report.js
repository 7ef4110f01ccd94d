"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("live"); // without a script the style sheet enlarges pictures by itself
  const every = (selector, within = document) => [...within.querySelectorAll(selector)];

  // Light or dark: the system decides until the reader does.
  const theme = document.getElementById("theme");
  const systemDark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : systemDark.matches);
  const tellTheme = () => theme.setAttribute("aria-pressed", String(isDark()));
  const isPart = root.classList.contains("part"); // of another page, in a frame of its own height
  if (!isPart) try {
    const kept = localStorage.getItem("tamiz-theme");
    if (kept === "dark" || kept === "light") root.dataset.theme = kept;
  } catch { /* a page without storage forgets the choice */ }
  theme.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try { localStorage.setItem("tamiz-theme", root.dataset.theme); } catch { /* as above */ }
    tellTheme();
  });
  systemDark.addEventListener("change", tellTheme);
  tellTheme();
  document.getElementById("print").addEventListener("click", () => print());

  // Sorting: up, down, as it was. Empty cells stay at the end.
  const compare = new Intl.Collator(root.lang, { numeric: true }).compare;
  const sortTable = (table, column, order) => {
    const body = table.tBodies[0];
    const rows = (table.firstOrder ??= [...body.rows]);
    const key = (row) => row.cells[column].dataset.v;
    const words = (row) => row.cells[column].textContent;
    const isNumeric = rows.some((row) => key(row) !== undefined);
    const sign = order === "descending" ? -1 : 1;
    const sorted = order === "none" ? rows : [...rows].sort((a, b) => {
      if (!isNumeric) return sign * compare(words(a), words(b));
      const [x, y] = [key(a), key(b)];
      if (x === undefined || y === undefined) return (x === undefined) - (y === undefined);
      return sign * (Number(x) - Number(y));
    });
    body.append(...sorted);
  };
  every("button.sort").forEach((button) => button.addEventListener("click", () => {
    const header = button.closest("th");
    const next = { ascending: "descending", descending: "none" };
    const order = next[header.getAttribute("aria-sort")] ?? "ascending";
    every("th[aria-sort]", header.parentNode).forEach((th) => th.removeAttribute("aria-sort"));
    if (order !== "none") header.setAttribute("aria-sort", order);
    sortTable(header.closest("table"), header.cellIndex, order);
  }));

  // Long tables are folded.
  every("table[data-long]").forEach((table) => {
    const fold = table.closest("figure").querySelector(".fold");
    const button = fold.querySelector("button");
    const more = button.textContent;
    table.classList.add("folded");
    fold.classList.add("live");
    button.addEventListener("click", () => {
      const isFolded = table.classList.toggle("folded");
      button.textContent = isFolded ? more : button.dataset.fewer;
      button.setAttribute("aria-expanded", String(!isFolded));
      fold.querySelector("span").hidden = !isFolded;
    });
  });

  // Copying; where the page may not write to the clipboard, the text is selected instead.
  every("button.copy").forEach((button) => {
    const words = button.textContent;
    button.addEventListener("click", async () => {
      const code = button.closest(".command, .code").querySelector("code");
      try {
        await navigator.clipboard.writeText(code.textContent.trimEnd());
        button.textContent = button.dataset.done;
        setTimeout(() => { button.textContent = words; }, 1600);
      } catch {
        getSelection().selectAllChildren(code);
      }
    });
  });

  // Pictures open larger; arrows go on, Esc closes (the dialog's own habit).
  const viewer = document.getElementById("viewer");
  const large = viewer.querySelector("img");
  let shelf = [];
  let at = 0;
  const showPicture = (i) => {
    at = (i + shelf.length) % shelf.length;
    const small = shelf[at].querySelector("img");
    const caption = shelf[at].parentNode.querySelector(".picture-caption")?.textContent ?? "";
    large.src = small.src;
    large.className = small.className;
    large.alt = caption;
    viewer.querySelector("figcaption").textContent = caption;
    viewer.querySelector(".position").textContent = `${at + 1} / ${shelf.length}`;
  };
  every(".thumb").forEach((thumb) => thumb.addEventListener("click", () => {
    shelf = every(".thumb", thumb.closest("[data-shelf]"));
    showPicture(shelf.indexOf(thumb));
    viewer.showModal();
    if (isPart) viewer.style.top = `${Math.max(0, thumb.getBoundingClientRect().top - 80)}px`;
  }));
  every("[data-step]", viewer).forEach((button) =>
    button.addEventListener("click", () => showPicture(at + Number(button.dataset.step))));
  viewer.querySelector("[data-close]").addEventListener("click", () => viewer.close());
  viewer.addEventListener("click", (event) => { if (event.target === viewer) viewer.close(); });
  viewer.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") showPicture(at + 1);
    if (event.key === "ArrowLeft") showPicture(at - 1);
  });

  // A part tells the page around it how high it is; Streamlit's frames listen to these words.
  if (isPart) {
    const tell = () => {
      const height = Math.ceil(document.body.getBoundingClientRect().height);
      parent.postMessage({ type: "streamlit:iframe:setSize", width: innerWidth, height }, "*");
    };
    new ResizeObserver(tell).observe(document.body);
    addEventListener("load", tell);
  }

  // The contents show where the reader is.
  const links = new Map(every(".contents > ol > li > a").map((a) => [a.hash.slice(1), a]));
  const seen = new Set();
  const watcher = new IntersectionObserver((entries) => {
    entries.forEach((e) => seen[e.isIntersecting ? "add" : "delete"](e.target.id));
    const first = [...links.keys()].find((id) => seen.has(id));
    if (first === undefined) return;
    links.forEach((a, id) => {
      if (id === first) {
        a.setAttribute("aria-current", "true");
        a.parentNode.classList.add("here");
        a.closest("nav").scrollLeft = a.offsetLeft - 24; // on phones the contents are one line
      } else {
        a.removeAttribute("aria-current");
        a.parentNode.classList.remove("here");
      }
    });
  }, { rootMargin: "-10% 0px -70% 0px" });
  every("main > section[id]").forEach((section) => watcher.observe(section));
})();
