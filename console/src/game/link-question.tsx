import type { GameTexts } from "./game-texts.ts";
import type { SignedInPlayer } from "./signed-in-player.ts";

interface LinkQuestionProps {
  readonly link: SignedInPlayer;
  /** Another player who is signed in here. */
  readonly current: SignedInPlayer | undefined;
  readonly texts: GameTexts;
  readonly onAccept: () => void;
  readonly onDecline: () => void;
}

/** Anybody can send a link that opens the sender's account, so the player answers before it does. */
export function LinkQuestion({ link, current, texts, onAccept, onDecline }: LinkQuestionProps) {
  return (
    <section className="card question" role="alertdialog" aria-labelledby="question">
      <h2 id="question">{texts.continueQuestion(link.username)}</h2>
      {link.userId !== link.username && <p className="id">{link.userId}</p>}
      {current && <p>{texts.signedInAs(nameBeside(current, link))}</p>}
      <p>{texts.linkCameFromOutside}</p>
      <p className="choices">
        <button type="button" onClick={onDecline}>
          {current ? texts.stayAs(nameBeside(current, link)) : texts.notNow}
        </button>
        <button type="button" className="main" onClick={onAccept}>
          {texts.continueAs(link.username)}
        </button>
      </p>
    </section>
  );
}

/** Two users may have one name; then the id tells them apart. */
function nameBeside(current: SignedInPlayer, link: SignedInPlayer): string {
  const { username, userId } = current;
  return username === link.username ? `${username} (${userId})` : username;
}
