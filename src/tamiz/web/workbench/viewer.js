"use strict";
// Deep zoom without a library: tiles of 256 px on demand, drag, wheel, pinch, keys.
(() => {
  const facts = JSON.parse(document.getElementById("facts").textContent);
  const stage = document.getElementById("stage");
  const layer = document.getElementById("tiles");
  const heat = document.getElementById("heat");
  const scaleBar = document.getElementById("scale");
  const TILE = 256;
  const MOST = 8; // times enlarged beyond level 0
  let scale = 1; // screen pixels per pixel of level 0
  let x = 0; // pixel of level 0 at the left edge
  let y = 0;
  const shown = new Map();

  const fit = () => Math.min(stage.clientWidth / facts.width, stage.clientHeight / facts.height);
  const home = () => {
    scale = fit();
    x = (facts.width - stage.clientWidth / scale) / 2;
    y = (facts.height - stage.clientHeight / scale) / 2;
    draw();
  };
  const zoomAt = (factor, atX = stage.clientWidth / 2, atY = stage.clientHeight / 2) => {
    const next = Math.min(Math.max(scale * factor, fit() / 2), MOST);
    x += atX / scale - atX / next;
    y += atY / scale - atY / next;
    scale = next;
    draw();
  };
  const move = (dx, dy) => { x -= dx / scale; y -= dy / scale; draw(); };

  const place = (element, left, top, width, height) => {
    element.style.transform = `translate(${(left - x) * scale}px, ${(top - y) * scale}px)`;
    element.style.width = `${width * scale + 0.6}px`; // no seam between tiles
    element.style.height = `${height * scale + 0.6}px`;
  };
  const draw = () => {
    const wanted = Math.ceil(facts.zooms + Math.log2(scale * Math.min(devicePixelRatio, 2)));
    const zoom = Math.min(Math.max(wanted, 0), facts.zooms);
    const side = TILE * 2 ** (facts.zooms - zoom);
    const needed = new Set();
    const right = Math.min(facts.width, x + stage.clientWidth / scale);
    const low = Math.min(facts.height, y + stage.clientHeight / scale);
    for (let row = Math.floor(Math.max(0, y) / side); row * side < low; row += 1) {
      for (let column = Math.floor(Math.max(0, x) / side); column * side < right; column += 1) {
        needed.add(`${zoom}/${column}/${row}`);
      }
    }
    needed.forEach((key) => {
      if (shown.has(key)) return;
      const image = new Image();
      image.alt = "";
      image.draggable = false;
      image.onload = () => { image.dataset.ready = "1"; prune(needed); };
      image.src = `${facts.tiles}/${key}`;
      image.style.zIndex = zoom;
      shown.set(key, image);
      layer.append(image);
    });
    shown.forEach((image, key) => {
      const [z, column, row] = key.split("/").map(Number);
      const s = TILE * 2 ** (facts.zooms - z);
      const left = column * s;
      const top = row * s;
      place(image, left, top, Math.min(s, facts.width - left), Math.min(s, facts.height - top));
    });
    if (heat) place(heat, 0, 0, facts.width, facts.height);
    prune(needed);
    tellScale();
  };
  // Tiles of other scales stay until those of this one are there.
  const prune = (needed) => {
    const isWhole = [...needed].every((key) => shown.get(key)?.dataset.ready);
    if (!isWhole) return;
    shown.forEach((image, key) => {
      if (!needed.has(key) && !key.startsWith("0/")) { image.remove(); shown.delete(key); }
    });
  };
  const tellScale = () => {
    const um = facts.um ?? 0;
    const unit = um ? um / scale : 1 / scale; // per screen pixel
    const power = 10 ** Math.floor(Math.log10(unit * 120));
    const length = [5, 2, 1].map((n) => n * power).find((n) => n <= unit * 120) ?? power;
    scaleBar.style.width = `${length / unit}px`;
    const isMm = um && length >= 1000;
    scaleBar.textContent = um ? `${isMm ? length / 1000 : length} ${isMm ? "mm" : "µm"}` : `${length} px`;
  };

  const fingers = new Map();
  stage.addEventListener("pointerdown", (event) => {
    stage.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, event);
  });
  stage.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    if (fingers.size === 1) move(event.clientX - before.clientX, event.clientY - before.clientY);
    if (fingers.size === 2) {
      const other = [...fingers.entries()].find(([id]) => id !== event.pointerId)[1];
      const reach = (one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
      const box = stage.getBoundingClientRect();
      zoomAt(reach(event) / Math.max(reach(before), 1),
        (event.clientX + other.clientX) / 2 - box.left, (event.clientY + other.clientY) / 2 - box.top);
    }
    fingers.set(event.pointerId, event);
  });
  ["pointerup", "pointercancel"].forEach((name) =>
    stage.addEventListener(name, (event) => fingers.delete(event.pointerId)));
  stage.addEventListener("wheel", (event) => {
    event.preventDefault();
    const box = stage.getBoundingClientRect();
    zoomAt(2 ** (-event.deltaY / 300), event.clientX - box.left, event.clientY - box.top);
  }, { passive: false });
  stage.addEventListener("dblclick", (event) => {
    const box = stage.getBoundingClientRect();
    zoomAt(2, event.clientX - box.left, event.clientY - box.top);
  });
  const keys = {
    "+": () => zoomAt(1.5), "=": () => zoomAt(1.5), "-": () => zoomAt(1 / 1.5), "0": home,
    ArrowLeft: () => move(80, 0), ArrowRight: () => move(-80, 0),
    ArrowUp: () => move(0, 80), ArrowDown: () => move(0, -80),
  };
  stage.addEventListener("keydown", (event) => {
    if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
  });
  document.querySelectorAll("[data-key]").forEach((button) =>
    button.addEventListener("click", () => keys[button.dataset.key]()));
  const strength = document.getElementById("strength");
  if (heat) {
    const shade = () => { heat.style.opacity = strength.value; };
    strength.addEventListener("input", shade);
    shade();
  }
  new ResizeObserver(draw).observe(stage);
  home();
})();
