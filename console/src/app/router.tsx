import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from "@tanstack/react-router";
import { ACT_FIELDS } from "../acts/opened-act.ts";
import { NotFoundScreen } from "./not-found-screen.tsx";
import { ScreenFailed } from "./screen-failed.tsx";
import { parseAddress, searchFields, writeAddress } from "./search.ts";
import { SignedInScreens } from "./signed-in-screens.tsx";

const root = createRootRoute({ notFoundComponent: NotFoundScreen });
const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  component: SignedInScreens,
});

const routeTree = root.addChildren([
  createRoute({
    getParentRoute: () => root,
    path: "/console/sign-in",
    validateSearch: searchFields("to"),
    component: lazyRouteComponent(
      () => import("../screens/sign-in/sign-in-screen.tsx"),
      "SignInScreen",
    ),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/console/set-up",
    component: lazyRouteComponent(
      () => import("../screens/sign-in/set-up-screen.tsx"),
      "SetUpScreen",
    ),
  }),
  signedIn.addChildren([
    createRoute({
      getParentRoute: () => signedIn,
      path: "/",
      component: lazyRouteComponent(
        () => import("../screens/overview/overview-screen.tsx"),
        "OverviewScreen",
      ),
    }),
    createRoute({
      getParentRoute: () => signedIn,
      path: "/console/users",
      validateSearch: searchFields("q", "cursor"),
      component: lazyRouteComponent(
        () => import("../screens/users/users-screen.tsx"),
        "UsersScreen",
      ),
    }),
    createRoute({
      getParentRoute: () => signedIn,
      path: "/console/market",
      validateSearch: searchFields("q", "sellerId", "status", "cursor"),
      component: lazyRouteComponent(
        () => import("../screens/market/market-screen.tsx"),
        "MarketScreen",
      ),
    }),
    createRoute({
      getParentRoute: () => signedIn,
      path: "/console/market/$id",
      validateSearch: searchFields("cursor", ...ACT_FIELDS),
      component: lazyRouteComponent(
        () => import("../screens/market/listing-screen.tsx"),
        "ListingScreen",
      ),
    }),
    createRoute({
      getParentRoute: () => signedIn,
      path: "/console/items",
      validateSearch: searchFields("q", "userId", "state", "cursor"),
      component: lazyRouteComponent(
        () => import("../screens/items/items-screen.tsx"),
        "ItemsScreen",
      ),
    }),
    createRoute({
      getParentRoute: () => signedIn,
      path: "/console/items/$id",
      validateSearch: searchFields("cursor"),
      component: lazyRouteComponent(() => import("../screens/items/item-screen.tsx"), "ItemScreen"),
    }),
    createRoute({
      getParentRoute: () => signedIn,
      path: "/console/transfers",
      validateSearch: searchFields("q", "userId", "currency", "cursor"),
      component: lazyRouteComponent(
        () => import("../screens/transfers/transfers-screen.tsx"),
        "TransfersScreen",
      ),
    }),
    createRoute({
      getParentRoute: () => signedIn,
      path: "/console/transfers/$id",
      validateSearch: searchFields(...ACT_FIELDS),
      component: lazyRouteComponent(
        () => import("../screens/transfers/transfer-screen.tsx"),
        "TransferScreen",
      ),
    }),
    createRoute({
      getParentRoute: () => signedIn,
      path: "/console/economy",
      validateSearch: searchFields("currency", "platform", "days", "item"),
      component: lazyRouteComponent(
        () => import("../screens/economy/economy-screen.tsx"),
        "EconomyScreen",
      ),
    }),
    createRoute({
      getParentRoute: () => signedIn,
      path: "/console/integrity",
      validateSearch: searchFields("state", "run", "cursor"),
      component: lazyRouteComponent(
        () => import("../screens/integrity/integrity-screen.tsx"),
        "IntegrityScreen",
      ),
    }),
    createRoute({
      getParentRoute: () => signedIn,
      path: "/console/users/$userId",
      validateSearch: searchFields("kind", "cursor", ...ACT_FIELDS),
      component: lazyRouteComponent(() => import("../screens/user/user-screen.tsx"), "UserScreen"),
    }),
    createRoute({
      getParentRoute: () => signedIn,
      path: "/console/repair",
      validateSearch: searchFields("repair", "view", "run"),
      component: lazyRouteComponent(
        () => import("../screens/repair/repair-screen.tsx"),
        "RepairScreen",
      ),
    }),
    createRoute({
      getParentRoute: () => signedIn,
      path: "/console/platforms",
      validateSearch: searchFields("act"),
      component: lazyRouteComponent(
        () => import("../screens/platforms/platforms-screen.tsx"),
        "PlatformsScreen",
      ),
    }),
    createRoute({
      getParentRoute: () => signedIn,
      path: "/console/platforms/$name",
      validateSearch: searchFields("act", "id"),
      component: lazyRouteComponent(
        () => import("../screens/platforms/platform-screen.tsx"),
        "PlatformScreen",
      ),
    }),
    createRoute({
      getParentRoute: () => signedIn,
      path: "/console/approvals",
      validateSearch: searchFields("cursor"),
      component: lazyRouteComponent(
        () => import("../screens/approvals/approvals-screen.tsx"),
        "ApprovalsScreen",
      ),
    }),
    createRoute({
      getParentRoute: () => signedIn,
      path: "/console/acts",
      validateSearch: searchFields("operator", "subject", "cursor"),
      component: lazyRouteComponent(() => import("../screens/acts/acts-screen.tsx"), "ActsScreen"),
    }),
    createRoute({
      getParentRoute: () => signedIn,
      path: "/console/operators",
      component: lazyRouteComponent(
        () => import("../screens/operators/operators-screen.tsx"),
        "OperatorsScreen",
      ),
    }),
    createRoute({
      getParentRoute: () => signedIn,
      path: "/console/keys",
      component: lazyRouteComponent(
        () => import("../screens/operators/keys-screen.tsx"),
        "KeysScreen",
      ),
    }),
    createRoute({
      getParentRoute: () => signedIn,
      path: "/console/account",
      component: lazyRouteComponent(
        () => import("../screens/account/account-screen.tsx"),
        "AccountScreen",
      ),
    }),
  ]),
]);

/** Every screen has an address; those of a menu entry are loaded when it is opened. */
export const router = createRouter({
  routeTree,
  parseSearch: parseAddress,
  stringifySearch: writeAddress,
  defaultPreload: "intent",
  defaultErrorComponent: ScreenFailed,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
