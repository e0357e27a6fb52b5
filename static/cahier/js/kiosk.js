// A shared tablet: a gesture keeps the session, two minutes without one end it. Without this script, the pages do the
// same by reading themselves again.
const KEEP = 30; // seconds between two words to the server, while somebody moves
const ask = document.querySelector("[data-kiosk]");

if (ask) {
  const warns = Number(ask.dataset.warns);
  const ends = Number(ask.dataset.ends);
  const end = document.getElementById("fin");
  const left = ask.querySelector("[data-left]");
  let moved = performance.now();
  let told = moved;

  const now = () => performance.now();
  const since = (moment) => (now() - moment) / 1000;
  const move = () => {
    if (!ask.open) moved = now();
  };
  for (const gesture of ["pointerdown", "keydown", "scroll", "input"]) {
    document.addEventListener(gesture, move, { capture: true, passive: true });
  }

  const tell = async () => {
    told = now();
    const said = new FormData(end);
    said.delete("late");
    said.set("quiet", "1");
    const answer = await fetch(ask.dataset.stay, { method: "POST", body: said });
    if (answer.status !== 204) end.submit();
  };

  ask.addEventListener("close", () => {
    moved = now();
    tell();
  });

  setInterval(() => {
    const idle = since(moved);
    if (idle >= ends) {
      end.submit();
    } else if (idle >= warns) {
      if (!ask.open) ask.showModal();
      left.textContent = String(Math.ceil(ends - idle));
    } else if (moved > told && since(told) >= KEEP) {
      tell();
    }
  }, 1000);
}

// A page come back from the browser's memory is read again: what it showed may be somebody else's.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.location.reload();
});

// « The session is over » is read, then the tablet waits again, unless somebody is typing.
const rest = document.querySelector("[data-rests]");
if (rest) {
  setTimeout(() => {
    if (!document.querySelector("input[name=code]")?.value) window.location.replace(rest.dataset.to);
  }, Number(rest.dataset.rests) * 1000);
}
