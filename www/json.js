// The values of a hotspot file, as the decoder asks for them: `src/web/node.rs`.
export class Json {
  // 0 for undefined, 1 null, 2 false, 3 true, 4 a list, 5 a number, 6 a text, 7 an object, 8 another.
  static kind(value) {
    return value === undefined ? 0 : value === null ? 1 : value === false ? 2 : value === true ? 3 : Array.isArray(value) ? 4
      : ["number", "string", "object", typeof value].indexOf(typeof value) + 5;
  }

  static number(value) {
    return value;
  }

  static keys(value) {
    return Object.keys(value);
  }

  static length(value) {
    return value.length;
  }

  // A page's own object may throw.
  static get(value, key) {
    try {
      if (Object.hasOwn(value, key)) return value[key];
    } catch {}
  }

  // Numbers become text in JavaScript: formatting a float in Rust weighs 19 kB.
  static show(value) {
    return JSON.stringify(value) || "nothing";
  }
}
