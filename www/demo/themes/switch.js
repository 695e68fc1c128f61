"use strict";
// Which of the shop's looks is worn. The page's address remembers it. The browser waits for the style sheets
// above before it runs this, and has painted nothing yet.
{
  const LOOKS = ["ondine", "stade", "rosee"], SCHEMES = ["", "light", "dark"];
  const asked = new URLSearchParams(location.search);
  const chosen = {
    look: LOOKS.includes(asked.get("look")) ? asked.get("look") : LOOKS[0],
    colours: SCHEMES.includes(asked.get("colours")) ? asked.get("colours") : "",
  };

  const wear = () => {
    for (const look of LOOKS) {
      // Of the sheet and not of the link, which would fetch it anew.
      const { sheet } = document.querySelector(`link[href="themes/${look}.css"]`);
      if (sheet) sheet.disabled = look !== chosen.look;
    }
    document.documentElement.style.colorScheme = chosen.colours;
  };

  const remember = () => {
    const url = new URL(location.href);
    for (const [name, value] of Object.entries(chosen)) {
      if (value && value !== LOOKS[0]) url.searchParams.set(name, value);
      else url.searchParams.delete(name);
    }
    history.replaceState(history.state, "", url);
  };

  wear();
  document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector("#looks");
    for (const [name, value] of Object.entries(chosen)) form.elements[name].value = value;
    form.addEventListener("change", ({ target }) => {
      chosen[target.name] = target.value;
      wear();
      remember();
    });
  });
}
