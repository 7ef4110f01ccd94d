// The class of an image, by Node: node classify.mjs model.onnx photo.jpg
// Needs: npm install onnxruntime-node sharp
import { readFileSync } from "node:fs";
import * as ort from "onnxruntime-node";
import sharp from "sharp";
import { classNames } from "./class_names.mjs";

const file = readFileSync(process.argv[2]);
const model = await ort.InferenceSession.create(file);
const photo = sharp(process.argv[3]).rotate().toColourspace("srgb").ensureAlpha();
const { data, info } = await photo.raw().toBuffer({ resolveWithObject: true });
const image = new ort.Tensor("uint8", new Uint8Array(data), [1, info.height, info.width, 4]);
const probabilities = (await model.run({ image })).probabilities.data;
const best = probabilities.indexOf(Math.max(...probabilities));
console.log(classNames(file)[best], probabilities[best].toFixed(4));
