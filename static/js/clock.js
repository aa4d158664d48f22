/** A clock on the wall: the time of the venue, drawn again each second. */

for (const clock of document.querySelectorAll("[data-clock]")) {
  const timeZone = clock.getAttribute("data-zone") ?? undefined;
  const written = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone });
  const draw = () => {
    clock.textContent = written.format(new Date());
  };
  draw();
  setInterval(draw, 1000);
}
