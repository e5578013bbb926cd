import { Alert, Anchor, AppShell, Burger, Button, Group, NavLink, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { useEffect } from "react";
import { callAdmin } from "../api/admin-client.ts";
import { useConnection } from "../api/connection.ts";
import type { OperatorSession } from "@newday/sdk/admin";
import { SESSION_KEY } from "../api/queries.ts";
import { ROLE_TEXTS } from "../components/role-texts.ts";
import { useTexts } from "../language/language-provider.tsx";
import { Preferences } from "../frame/preferences.tsx";
import { SCREENS } from "./screens.ts";
import { SHELL_TEXTS } from "../frame/shell-texts.ts";
import { Shortcuts } from "./shortcuts.tsx";
import { SilenceBanner } from "../frame/silence-banner.tsx";

/** The frame of every screen: menu, who is signed in, and whether the server answers. */
export function Shell({ session }: { session: OperatorSession }) {
  const [isOpen, { toggle, close }] = useDisclosure();
  const texts = useTexts(SHELL_TEXTS);
  const { silentSince } = useConnection();
  const { pathname } = useLocation();
  useEffect(close, [close, pathname]);
  return (
    <>
      <a className="skip-link" href="#content">
        {texts.skip}
      </a>
      <AppShell
        padding="md"
        header={{ height: 56 }}
        navbar={{ width: 240, breakpoint: "sm", collapsed: { mobile: !isOpen } }}
      >
        <AppShell.Header>
          <Group h="100%" px="md" justify="space-between" wrap="nowrap">
            <Group gap="sm" wrap="nowrap">
              <Burger
                opened={isOpen}
                onClick={toggle}
                hiddenFrom="sm"
                size="sm"
                aria-label={texts.menu}
                aria-expanded={isOpen}
              />
              <Anchor component={Link} to="/" fw={700} underline="never" c="inherit">
                {texts.brand}
              </Anchor>
            </Group>
            <Group gap="xs" visibleFrom="sm">
              <Preferences />
            </Group>
          </Group>
        </AppShell.Header>
        <AppShell.Navbar p="xs" className="navbar">
          <Menu />
          <SignedIn session={session} />
        </AppShell.Navbar>
        <AppShell.Main id="content" tabIndex={-1}>
          <SilenceBanner />
          <div data-silent={silentSince !== undefined}>
            {!session.hasSecondFactor && pathname !== "/console/account" && <FactorMissing />}
            <Outlet />
          </div>
        </AppShell.Main>
      </AppShell>
      <Shortcuts />
    </>
  );
}

function Menu() {
  const texts = useTexts(SHELL_TEXTS);
  const { pathname } = useLocation();
  const isAt = (to: string) =>
    to === "/" ? pathname === "/" : `${pathname}/`.startsWith(`${to}/`);
  return (
    <nav className="menu" aria-label={texts.navigation}>
      {SCREENS.map(({ text, to }) => (
        <NavLink
          key={to}
          component={Link}
          to={to}
          label={texts[text]}
          active={isAt(to)}
          {...(isAt(to) ? { "aria-current": "page" as const } : {})}
        />
      ))}
      <NavLink href="/test-newday-integration.html" label={texts.integrationPage} />
      <NavLink href="/docs" label={texts.docs} />
    </nav>
  );
}

function SignedIn({ session }: { session: OperatorSession }) {
  const texts = useTexts(SHELL_TEXTS);
  const roles = useTexts(ROLE_TEXTS);
  const client = useQueryClient();
  const signOut = useMutation({
    mutationFn: () => callAdmin("deleteOperatorSession", {}),
    onSuccess() {
      client.clear();
      client.setQueryData(SESSION_KEY, null);
    },
  });
  return (
    <div className="signed-in">
      <Group hiddenFrom="sm" mb="sm">
        <Preferences />
      </Group>
      <Text size="xs" c="dimmed">
        {texts.signedInAs}
      </Text>
      <Text size="sm" fw={600} className="breaking">
        {session.displayName} ({roles[session.role]})
      </Text>
      <Button
        mt="xs"
        size="compact-sm"
        variant="default"
        loading={signOut.isPending}
        onClick={() => signOut.mutate()}
      >
        {texts.signOut}
      </Button>
    </div>
  );
}

function FactorMissing() {
  const texts = useTexts(SHELL_TEXTS);
  return (
    <Alert color="yellow" mb="lg" className="factor-missing">
      <Anchor component={Link} to="/console/account" inherit c="inherit" underline="always">
        {texts.factorMissing}
      </Anchor>
    </Alert>
  );
}
