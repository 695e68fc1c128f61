// Contrast as WCAG 2.2 has it, of colours as this browser paints them.
"use strict";

const contrast = window.contrast = {
  canvas: Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true }),
  // Red, green, blue and alpha of a computed colour.
  pixel(colour) {
    const { canvas } = contrast;
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = "#123456";
    canvas.fillStyle = colour;
    // A canvas ignores what it does not understand.
    if (canvas.fillStyle === "#123456") throw new Error(`the canvas does not know ${colour}`);
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  },
  luminance(colour) {
    const [r, g, b] = contrast.pixel(colour).slice(0, 3).map((level) => {
      const part = level / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  },
  ratio(one, other) {
    const [more, less] = [one, other].map(contrast.luminance).sort((a, b) => b - a);
    return (more + 0.05) / (less + 0.05);
  },
  // What an element is painted on.
  ground(element) {
    const { backgroundColor } = getComputedStyle(element);
    return contrast.pixel(backgroundColor)[3] ? backgroundColor : contrast.ground(element.parentElement);
  },
  // Of an element's text with what is behind it.
  text: (element) => contrast.ratio(getComputedStyle(element).color, contrast.ground(element)),
};
