// Ed25519 and X25519 public keys that formats.md 1 refuses: of small order, or not written in the one canonical way.

import { demand } from "./doubt.mjs";

const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = modulo(-121665n * inverse(121666n));
const ROOT_OF_MINUS_ONE = power(2n, (P - 1n) / 4n);

export function refuseWeakEd25519(bytes) {
  demand(bytes.length === 32, "key.refused", "an Ed25519 key has 32 bytes");
  const sign = BigInt(bytes[31] >> 7);
  const y = number(bytes) & ((1n << 255n) - 1n);
  demand(y < P, "key.refused", "y is not reduced");
  const x = xOf(y);
  demand(x !== null, "key.refused", "no point of the curve");
  demand(!(x === 0n && sign === 1n), "key.refused", "a sign on x = 0");
  let point = [x, y];
  for (let doubling = 0; doubling < 3; doubling += 1) point = add(point, point);
  demand(point[0] !== 0n || point[1] !== 1n, "key.refused", "a point of small order");
}

// 8 u = neutral for the points of small order of the curve and of its twist; their u is one of these.
const SMALL_ORDER_U = [
  0n,
  1n,
  P - 1n,
  325606250916557431795983626356110631294008115727848805560023387167927233504n,
  39382357235489614581723060781553021112529911719440698176882885853963445705823n,
];

export function refuseWeakX25519(bytes) {
  demand(bytes.length === 32, "key.refused", "an X25519 key has 32 bytes");
  const u = number(bytes);
  demand(u < P, "key.refused", "u is not reduced");
  demand(!SMALL_ORDER_U.includes(u), "key.refused", "a point of small order");
}

export function hasReducedS(signature) {
  return number(signature.subarray(32)) < L;
}

function number(bytes) {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`);
}

function modulo(value) {
  return ((value % P) + P) % P;
}

function power(base, exponent) {
  let result = 1n;
  for (let factor = modulo(base), left = exponent; left > 0n; left >>= 1n, factor = (factor * factor) % P) {
    if (left & 1n) result = (result * factor) % P;
  }
  return result;
}

function inverse(value) {
  return power(value, P - 2n);
}

function xOf(y) {
  const square = modulo((y * y - 1n) * inverse(D * y * y + 1n));
  const root = power(square, (P + 3n) / 8n);
  for (const x of [root, (root * ROOT_OF_MINUS_ONE) % P]) {
    if ((x * x) % P === square) return x;
  }
  return null;
}

function add([a, b], [c, d]) {
  const product = modulo(D * modulo(a * c) * modulo(b * d));
  return [
    modulo(modulo(a * d + b * c) * inverse(1n + product)),
    modulo(modulo(b * d + a * c) * inverse(modulo(1n - product))),
  ];
}
