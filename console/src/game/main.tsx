import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { GameApp } from "./game-app.tsx";
import { openLink } from "./game-api.ts";

const root = document.getElementById("root");
if (root) {
  // Once, outside React: the server gives a link's session to the first caller only.
  const link = openLink();
  createRoot(root).render(
    <StrictMode>
      <GameApp link={link} />
    </StrictMode>,
  );
}
