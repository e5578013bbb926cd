import { Text } from "@mantine/core";
import type { Account, UserPage } from "@newday/sdk/admin";
import { AnchorLink } from "../../components/anchor-link.tsx";
import { Amount } from "../../components/amount.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { SectionCard } from "../../components/section-card.tsx";
import { StateBadge } from "../../components/state-badge.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { USER_TEXTS } from "./user-texts.ts";

/** The money of every currency; a balance leads to the entries that made it. */
export function BalancesCard({ page }: { page: UserPage }) {
  const texts = useTexts(USER_TEXTS);
  const { accounts, starterClaim, user, freezes } = page;
  // Of the user: it stops every account, whatever the account's own state.
  const isFrozen = Boolean(freezes.platform ?? freezes.operator ?? freezes.audit);
  return (
    <SectionCard title={texts.balances} empty={accounts.length === 0 && texts.noBalances}>
      <DataTable
        label={texts.balances}
        rows={accounts}
        keyOf={({ currency }) => currency}
        columns={[
          { header: texts.currency, cell: ({ currency }) => currency },
          {
            header: texts.balance,
            numeric: true,
            cell: ({ balance, currency }) => (
              <AnchorLink
                to="/console/users/$userId"
                params={{ userId: user.userId }}
                search={{ kind: "money" }}
                hash="timeline"
                inherit
                fw={600}
              >
                <Amount of={balance} currency={currency} />
              </AnchorLink>
            ),
          },
          {
            header: texts.available,
            numeric: true,
            cell: ({ available, currency }) => <Amount of={available} currency={currency} />,
          },
          {
            header: texts.held,
            numeric: true,
            cell: ({ held, currency }) => <Amount of={held} currency={currency} />,
          },
          {
            header: texts.locked,
            numeric: true,
            cell: ({ locked, currency }) => <Amount of={locked} currency={currency} />,
          },
          {
            header: texts.state,
            cell: (account) => <AccountState of={account} isFrozen={isFrozen} />,
          },
        ]}
      />
      {starterClaim !== "0" && (
        <Text size="sm" c="dimmed">
          {texts.claim}: <Amount of={starterClaim} currency="game_coins" named />
        </Text>
      )}
    </SectionCard>
  );
}

interface AccountStateProps {
  readonly of: Account;
  readonly isFrozen: boolean;
}

function AccountState({ of: { closed, frozen, unfunded }, isFrozen }: AccountStateProps) {
  const texts = useTexts(USER_TEXTS);
  if (closed) return <StateBadge tone="bad">{texts.closed}</StateBadge>;
  if (isFrozen || frozen.debits || frozen.credits)
    return <StateBadge tone="bad">{texts.frozen}</StateBadge>;
  if (unfunded !== "0") return <StateBadge tone="due">{texts.unfunded}</StateBadge>;
  return <StateBadge tone="good">{texts.open}</StateBadge>;
}
