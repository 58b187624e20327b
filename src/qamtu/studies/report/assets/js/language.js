// The language of the page: chosen, remembered, and put into every text at once.
(() => {
  const LANGUAGES = ["en", "ru", "kk"];
  const KEY = "qamtu-language";
  const ATTRIBUTES = ["aria-label", "placeholder", "title"];
  let language = "en";

  const remembered = () => {
    try { return localStorage.getItem(KEY); } catch { return null; }
  };
  const remember = (code) => {
    try { localStorage.setItem(KEY, code); } catch { /* a page from a disk may not */ }
  };

  Q.firstLanguage = () => {
    const asked = new URLSearchParams(location.search).get("lang");
    const wished = [asked, remembered(), ...(navigator.languages || [])];
    const codes = wished.map((code) => String(code || "").slice(0, 2).toLowerCase());
    return codes.find((code) => LANGUAGES.includes(code)) || "en";
  };

  const fill = (text, values) => (values
    ? text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole))
    : text);

  const translated = (text) => {
    const found = Q.data.text[language][text];
    return found === undefined || Array.isArray(found) ? null : found;
  };

  Q.language = () => language;

  // The English text, its {names} filled with values, in the language of the page.
  Q.t = (text, values) => fill(translated(text) ?? text, values);

  Q.isTranslated = (text) => language === "en" || translated(text) !== null;

  // Which plural form gettext keeps at which place: Russian one, few, many; else one, other.
  const place = (count) => {
    const rule = new Intl.PluralRules(language).select(count);
    if (language === "ru") return { one: 0, few: 1 }[rule] ?? 2;
    return rule === "one" ? 0 : 1;
  };

  // The form for a count; {n} in the text is the count, as the language writes it.
  Q.tn = (one, many, count, values) => {
    const forms = Q.data.text[language][one];
    const chosen = Array.isArray(forms)
      ? forms[Math.min(place(count), forms.length - 1)]
      : (count === 1 ? one : many);
    return fill(chosen, { n: Q.number(count), ...values });
  };

  Q.term = (list, code) => {
    if (!Q.known(code)) return "–";
    const known = Q.data.terms[list] && Q.data.terms[list][code];
    return known ? Q.t(known) : String(code);
  };

  // The name of a row in the language of the page, else in any other.
  Q.name = (columns, row) => {
    const order = { en: ["en", "ru", "kk"], ru: ["ru", "kk", "en"], kk: ["kk", "ru", "en"] };
    for (const code of order[language]) {
      const value = columns[`name_${code}`] && columns[`name_${code}`][row];
      if (value) return value;
    }
    return "–";
  };

  const putTexts = () => {
    for (const node of document.querySelectorAll("[data-t]")) {
      node.textContent = Q.t(node.dataset.t);
    }
    for (const name of ATTRIBUTES) {
      for (const node of document.querySelectorAll(`[data-ta-${name}]`)) {
        node.setAttribute(name, Q.t(node.getAttribute(`data-ta-${name}`)));
      }
    }
    for (const button of document.querySelectorAll("[data-language]")) {
      button.setAttribute("aria-pressed", String(button.dataset.language === language));
    }
  };

  Q.setLanguage = (code) => {
    language = code;
    document.documentElement.lang = code;
    putTexts();
    for (const render of Q.renderers) render();
  };

  Q.ready.push(() => {
    language = Q.firstLanguage();
    for (const button of document.querySelectorAll("[data-language]")) {
      button.addEventListener("click", () => {
        remember(button.dataset.language);
        Q.setLanguage(button.dataset.language);
      });
    }
  });
})();
