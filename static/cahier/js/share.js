// Telling others: the device's own sharing, or the address copied. Without this script, the address stands in a field.
for (const place of document.querySelectorAll("[data-share-url]")) {
  const { shareTitle: title, shareUrl: url } = place.dataset;
  const share = place.querySelector("[data-share]");
  const copy = place.querySelector("[data-copy]");
  const copied = place.querySelector("[data-copied]");
  if (navigator.share) {
    share.hidden = false;
    // Closing the sheet of the device without sharing is no fault.
    share.addEventListener("click", () => navigator.share({ title, url }).catch(() => {}));
  }
  if (navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(url);
      copied.hidden = false;
    });
  }
}
