// Read the data inside the page, then draw everything.
(async () => {
  try {
    Q.decode(await Q.readPayload());
    for (const act of Q.ready) act();
    Q.setLanguage(Q.firstLanguage());
    if (Q.afterFirst) Q.afterFirst();
    document.documentElement.dataset.ready = "yes";
  } catch (error) {
    const box = document.getElementById("failure");
    box.hidden = false;
    box.textContent = `This page could not read its data (${error.message}). A newer browser may help.`;
    throw error;
  }
})();
