import type { ReactNode } from "react";

type Fact = readonly [name: string, value: ReactNode];

/** Names and values, one under the other. */
export function Facts({ of: facts }: { of: readonly Fact[] }) {
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
