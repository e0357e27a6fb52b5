// The position of the device, asked for by a button and written in two fields: nothing is sent before the form is.
for (const place of document.querySelectorAll("[data-point]")) {
  const here = place.querySelector("[data-here]");
  const said = place.querySelector("[data-said]");
  const [latitude, longitude] = place.querySelectorAll("input");
  if (!navigator.geolocation || !window.isSecureContext) continue;
  here.hidden = false;
  here.querySelector("button").addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        latitude.value = coords.latitude.toFixed(5);
        longitude.value = coords.longitude.toFixed(5);
        said.textContent = said.dataset.done;
      },
      () => {
        said.textContent = said.dataset.failed;
      },
      { enableHighAccuracy: true, timeout: 15000 },
    );
  });
}
