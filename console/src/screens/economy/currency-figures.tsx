import { Card, SimpleGrid, Text, Title } from "@mantine/core";
import type { CurrencyEconomy } from "@newday/sdk/admin";
import type { ReactNode } from "react";
import { Amount } from "../../components/amount.tsx";
import { Facts } from "../../components/facts.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { ECONOMY_TEXTS } from "./economy-texts.ts";
import { Ratio } from "./ratio.tsx";

/** One currency in all and in the period, and its three ratios with their meaning. */
export function CurrencyFigures({ of: shown }: { of: CurrencyEconomy }) {
  const texts = useTexts(ECONOMY_TEXTS);
  const { currency, period, concentration, velocity, inflation } = shown;
  const amount = (minor: string) => <Amount of={minor} currency={currency} />;
  return (
    <>
      <Title order={2} size="h3">
        {currency}
      </Title>
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
        <FigureCard title={texts.inAll}>
          <Facts
            of={[
              [texts.issued, amount(shown.issued)],
              [texts.sunk, amount(shown.sunk)],
              [texts.held, amount(shown.held)],
              [texts.fees, amount(shown.fees)],
              [texts.holders, BigInt(concentration.holders).toLocaleString()],
            ]}
          />
        </FigureCard>
        <FigureCard title={texts.inPeriod}>
          <Facts
            of={[
              [texts.issued, amount(period.issued)],
              [texts.sunk, amount(period.sunk)],
              [texts.fees, amount(period.fees)],
              [texts.paid, amount(period.paid)],
              [texts.payments, BigInt(period.payments).toLocaleString()],
            ]}
          />
        </FigureCard>
        <Card withBorder component="section" className="section">
          <Meaning name={texts.velocity} means={texts.velocityMeans}>
            <Ratio of={velocity} />
          </Meaning>
          <Meaning name={texts.inflation} means={texts.inflationMeans}>
            <Ratio of={inflation} isShare />
          </Meaning>
          <Meaning name={texts.gini} means={texts.giniMeans}>
            <Ratio of={concentration.gini} />
          </Meaning>
        </Card>
      </SimpleGrid>
    </>
  );
}

function FigureCard({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card withBorder component="section" className="section">
      <Title order={3} size="h4">
        {title}
      </Title>
      {children}
    </Card>
  );
}

interface MeaningProps {
  readonly name: string;
  readonly means: string;
  readonly children: ReactNode;
}

function Meaning({ name, means, children }: MeaningProps) {
  return (
    <div>
      <Facts of={[[name, <strong key="value">{children}</strong>]]} />
      <Text size="xs" c="dimmed">
        {means}
      </Text>
    </div>
  );
}
