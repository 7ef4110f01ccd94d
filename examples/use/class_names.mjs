// The class names that `tamiz export` wrote into an ONNX file's metadata, from the file's bytes:
// the runtimes for JavaScript do not show metadata. An entry is LENGTH KEY 0x12 LENGTH VALUE.
export function classNames(file) {
  const end = file.subarray(-(2 ** 22)); // metadata stands behind the network
  const key = "\x07classes\x12";
  let at = new TextDecoder("latin1").decode(end).lastIndexOf(key) + key.length;
  let length = 0;
  for (let shift = 0, byte = 128; byte > 127; shift += 7) length += ((byte = end[at++]) & 127) << shift;
  return JSON.parse(new TextDecoder().decode(end.subarray(at, at + length)));
}
