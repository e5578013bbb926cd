import { Anchor, createTheme, MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useState } from "react";
import { createQueryClient } from "../api/queries.ts";
import { LanguageProvider } from "../language/language-provider.tsx";
import { useHeartbeat } from "./heartbeat.ts";
import { router } from "./router.tsx";

const theme = createTheme({
  primaryColor: "indigo",
  // White on these shades has the contrast that WCAG AA asks for.
  primaryShade: { light: 7, dark: 7 },
  // A colour alone does not tell a link within a sentence (WCAG 1.4.1).
  components: { Anchor: Anchor.extend({ defaultProps: { underline: "always" } }) },
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
});

export function App() {
  const [client] = useState(createQueryClient);
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <LanguageProvider>
        <QueryClientProvider client={client}>
          <Heartbeat />
          <RouterProvider router={router} />
        </QueryClientProvider>
      </LanguageProvider>
    </MantineProvider>
  );
}

function Heartbeat() {
  useHeartbeat();
  return null;
}
