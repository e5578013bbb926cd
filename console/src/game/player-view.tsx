import { useEffect, useState } from "react";
import { failureOf, logOut, type Balances, type OwnedItem } from "./game-api.ts";
import type { GameTexts } from "./game-texts.ts";
import type { SignedInPlayer } from "./signed-in-player.ts";
import { usePossessions } from "./use-possessions.ts";

interface PlayerViewProps {
  readonly player: SignedInPlayer;
  readonly texts: GameTexts;
  /** The session is over: by the button, or because the server says so. */
  readonly onEnd: (reason: "signedOutNow" | "sessionEnded") => void;
}

export function PlayerView({ player, texts, onEnd }: PlayerViewProps) {
  const { possessions, failure, readAgain } = usePossessions(player);
  const isOver = failure === "expired" || failure === "invalid";
  useEffect(() => {
    if (isOver) onEnd("sessionEnded");
  }, [isOver, onEnd]);
  return (
    <>
      <section className="card">
        <h2>{texts.account}</h2>
        <p className="name">{player.username}</p>
        {player.userId !== player.username && <p className="id">{player.userId}</p>}
        <SignOutButton player={player} texts={texts} onEnd={onEnd} />
      </section>
      <div role="status" aria-live="polite">
        {failure === "unreachable" && (
          <p className="failure">
            {texts.unreachable}{" "}
            <button type="button" onClick={readAgain}>
              {texts.again}
            </button>
          </p>
        )}
        {!possessions && !failure && <p>{texts.loading}</p>}
      </div>
      {possessions && <BalanceList balances={possessions.balances} texts={texts} />}
      {possessions && <ItemList items={possessions.items} texts={texts} />}
    </>
  );
}

function SignOutButton({ player, texts, onEnd }: PlayerViewProps) {
  const [failed, setFailed] = useState(false);
  const signOut = () => {
    logOut(player).then(
      () => onEnd("signedOutNow"),
      // A token that is over already is signed out; a silent server may still accept it.
      (error: unknown) =>
        failureOf(error) === "unreachable" ? setFailed(true) : onEnd("signedOutNow"),
    );
  };
  return (
    <p>
      <button type="button" onClick={signOut}>
        {texts.signOut}
      </button>
      {failed && <span className="failure"> {texts.signOutFailed}</span>}
    </p>
  );
}

function BalanceList({ balances, texts }: { balances: Balances; texts: GameTexts }) {
  const { gameCoins, computingPower, cash, cashScale } = balances;
  const lines = [
    ["💰", texts.gameCoins, gameCoins.toLocaleString()],
    ["⚡", texts.computingPower, computingPower.toLocaleString()],
    ["💵", texts.cash, (cash / 10 ** cashScale).toFixed(cashScale)],
  ] as const;
  return (
    <section className="card">
      <h2>{texts.balances}</h2>
      <dl>
        {lines.map(([sign, name, amount]) => (
          <div key={name}>
            <dt>
              <span aria-hidden="true">{sign}</span> {name}
            </dt>
            <dd>{amount}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** The partner's words for pictures (docs/contract.md 11); anything longer than a sign is a word. */
const PICTURES: Readonly<Record<string, string>> = {
  gem: "💎",
  sword: "⚔️",
  shield: "🛡️",
  potion: "🧪",
  ring: "💍",
  wrench: "🔧",
  package: "📦",
};
const IS_WORD = /^[\w-]+$/;

function pictureOf(icon: string): string {
  return PICTURES[icon] ?? (IS_WORD.test(icon) || icon === "" ? "📦" : icon);
}

function ItemList({ items, texts }: { items: readonly OwnedItem[]; texts: GameTexts }) {
  return (
    <section className="card">
      <h2>
        {texts.items} ({items.length})
      </h2>
      {items.length === 0 && <p>{texts.noItems}</p>}
      <ul>
        {items.map(({ id, name, description, type, rarity, quantity, icon }) => (
          <li key={id}>
            <span className="picture" aria-hidden="true">
              {pictureOf(icon)}
            </span>
            <div>
              <p className="name">
                {name}
                {quantity > 1 && ` × ${quantity.toLocaleString()}`}
              </p>
              <p className={`kind ${rarity}`}>
                {texts.types[type] ?? type} · {texts.rarities[rarity] ?? rarity}
              </p>
              {description !== "" && <p className="quiet">{description}</p>}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
