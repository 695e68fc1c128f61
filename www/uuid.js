// UUID version 7 (RFC 9562).
export const uuid = (time) => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let i = 5; i >= 0; i--, time = Math.floor(time / 256)) bytes[i] = time % 256;
  bytes[6] = bytes[6] & 15 | 112;
  bytes[8] = bytes[8] & 63 | 128;
  return Array.from(bytes, (byte, i) => ([4, 6, 8, 10].includes(i) ? "-" : "") + (byte + 256).toString(16).slice(1)).join("");
};
