// The code of an invitation stands after the # of its link: no server sees it before the form.
const code = document.getElementById("code");
if (code && !code.value && location.hash.length > 1) {
  code.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
}
