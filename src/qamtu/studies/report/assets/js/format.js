// Numbers, shares, money and dates as the language of the page writes them.
(() => {
  const formats = new Map();

  // Kazakh writes numbers and sorts as Russian does; some browsers know only the latter, though
  // they claim the former.
  const kazakh = new Intl.NumberFormat("kk").format(1.5) === "1,5" ? "kk" : "ru";
  const locale = () => ({ en: "en-GB", ru: "ru", kk: kazakh })[Q.language()];

  const format = (options) => {
    const key = `${locale()} ${JSON.stringify(options)}`;
    if (!formats.has(key)) formats.set(key, new Intl.NumberFormat(locale(), options));
    return formats.get(key);
  };

  Q.number = (value, digits = 0) => (Q.known(value)
    ? format({ maximumFractionDigits: digits }).format(value)
    : "–");

  // A number with about three digits that count.
  Q.brief = (value) => {
    if (!Q.known(value)) return "–";
    const size = Math.abs(value);
    return Q.number(value, size >= 100 ? 0 : size >= 10 ? 1 : 2);
  };

  Q.share = (value, digits = 1) => {
    if (!Q.known(value)) return "–";
    const percent = value * 100;
    const rounded = Q.number(percent, Math.abs(percent) < 1 && percent !== 0 ? 2 : digits);
    return Q.language() === "en" ? `${rounded}%` : `${rounded}\u00a0%`;
  };

  const scaled = (value, like = value) => {
    const size = Math.abs(like);
    if (size >= 999.5e9) return [value / 1e12, Q.t("tn")];
    if (size >= 999.5e6) return [value / 1e9, Q.t("bn")];
    if (size >= 999.5e3) return [value / 1e6, Q.t("m")];
    if (size >= 9999.5) return [value / 1e3, Q.t("k")];
    return [value, ""];
  };

  const symbol = () => Q.data.currency[Q.language()] || Q.data.summary.currency || "";

  // Money in short: ₸812 bn, 812 млрд ₸. To compare two sums, both are told in the unit of one.
  Q.money = (value, like) => {
    if (!Q.known(value)) return "–";
    const [amount, unit] = scaled(value, like);
    const text = [like === undefined ? Q.brief(amount) : Q.number(amount, 1), unit].filter(Boolean).join("\u00a0");
    return Q.language() === "en"
      ? `${symbol()}${symbol().length > 1 ? "\u00a0" : ""}${text}`
      : `${text}\u00a0${symbol()}`;
  };

  Q.people = (value) => {
    if (!Q.known(value)) return "–";
    if (Math.abs(value) < 999500) return Q.number(value);
    return `${Q.number(value / 1e6, 2)}\u00a0${Q.t("m")}`;
  };

  // Money in the other currency at the plan's rate, where the plan has one.
  Q.otherMoney = (value) => {
    const rate = Q.data.summary.exchange_rate;
    if (!Q.known(value) || typeof rate !== "number" || rate <= 0) return "";
    const [amount, unit] = scaled(value / rate);
    return `≈\u00a0$${[Q.brief(amount), unit].filter(Boolean).join("\u00a0")}`;
  };

  Q.compareText = (a, b) => a.localeCompare(b, locale());
})();
