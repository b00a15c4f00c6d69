// The entry. What the page is made of may not come, from a server that is busy or being restarted: this says so and tries
// again. It imports nothing by itself, as a part that is missing would then keep it from saying anything.

const AGAIN_AFTER = 5_000;

import("./portal.js").catch((error) => {
  console.error(error);
  document.querySelector("#opening p").textContent = "Trakdesk could not be loaded. This page tries again by itself.";
  // A part that did not come once stays away until the page is loaded anew. Not all come back at the same moment.
  setTimeout(() => location.reload(), AGAIN_AFTER * (0.85 + 0.3 * Math.random()));
});
