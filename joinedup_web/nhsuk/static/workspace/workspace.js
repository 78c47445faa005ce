// The design system's behaviours, where its files are there. Every page works without this.
import("/static/nhsuk/nhsuk-frontend.min.js").then((system) => system.initAll()).catch(() => {});
