// A key for an authenticator app on this very telephone, whose camera cannot see its own screen.

const KEY = /^otpauth:\/\/totp\/\S+$/;
const element = (id) => document.getElementById(id);

// What takes such links is the device's to say, and with some nothing does: then the key can be copied.
export function offerToApp(url, back) {
  if (!KEY.test(url)) return;
  const panel = element("to-app");
  const key = new URL(url).searchParams.get("secret") ?? "";
  const copied = element("to-app-copy");
  element("to-app-open").href = url;
  element("to-app-key").textContent = key.match(/.{1,4}/g)?.join(" ") ?? "";
  copied.textContent = "Copy the key";
  copied.onclick = async () => {
    try {
      await navigator.clipboard.writeText(key);
      copied.textContent = "✓ Copied";
    } catch {
      getSelection().selectAllChildren(element("to-app-key"));
      copied.textContent = document.execCommand("copy") ? "✓ Copied" : "Copy it by hand";
    }
  };
  panel.onclose = () => {
    element("to-app-open").removeAttribute("href");
    element("to-app-key").textContent = "";
    back();
  };
  if (!panel.open) panel.showModal();
}
