// Elements made from names and texts; a text never becomes markup.
(() => {
  const SVG = "http://www.w3.org/2000/svg";

  const append = (node, children) => {
    for (const child of children.flat(Infinity)) {
      if (child === null || child === undefined || child === false) continue;
      node.append(child instanceof Node ? child : document.createTextNode(String(child)));
    }
    return node;
  };

  const put = (node, attributes) => {
    for (const [key, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
      else if (key === "width%") node.style.width = `${value}%`;
      else if (key === "left%") node.style.left = `${value}%`;
      else if (key === "colour") node.style.setProperty("--colour", value);
      else node.setAttribute(key, value === true ? "" : String(value));
    }
    return node;
  };

  Q.h = (name, attributes, ...children) =>
    append(put(document.createElement(name), attributes), children);

  Q.s = (name, attributes, ...children) =>
    append(put(document.createElementNS(SVG, name), attributes), children);

  Q.byId = (id) => document.getElementById(id);

  Q.fill = (node, ...children) => {
    node.replaceChildren();
    return append(node, children);
  };

  // A data text that may have no translation says which language it is in.
  Q.dataText = (text) => (Q.isTranslated(text)
    ? Q.h("span", {}, Q.t(text))
    : Q.h("span", { lang: "en" }, text));
})();
