import { useCallback, useEffect, useState } from "react";
import { browserLanguage } from "../language/messages.ts";
import { failureOf, logInWithToken } from "./game-api.ts";
import { GAME_TEXTS, type GameTexts } from "./game-texts.ts";
import { LinkQuestion } from "./link-question.tsx";
import { PlayerView } from "./player-view.tsx";
import {
  removeSignedInPlayer,
  onOtherTabs,
  readSignedInPlayer,
  storeSignedInPlayer,
  type SignedInPlayer,
} from "./signed-in-player.ts";

type Notice = (texts: GameTexts) => string;

interface GameState {
  /** While the link is being read. */
  readonly loading: boolean;
  /** A link that waits for the player's word. */
  readonly link: SignedInPlayer | undefined;
  readonly player: SignedInPlayer | undefined;
  readonly notice: Notice | undefined;
}

/** The players' page: who they are, what they own, and the question that every new link is asked. */
export function GameApp({ link }: { link: Promise<SignedInPlayer | undefined> }) {
  const [language, setLanguage] = useState(browserLanguage);
  const texts = GAME_TEXTS[language];
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  }, [language]);
  return (
    <main>
      <header>
        <h1>{texts.title}</h1>
        <button type="button" onClick={() => setLanguage(language === "zh" ? "en" : "zh")}>
          {texts.otherLanguage}
        </button>
      </header>
      <GameBody link={link} texts={texts} />
    </main>
  );
}

function GameBody({
  link,
  texts,
}: {
  link: Promise<SignedInPlayer | undefined>;
  texts: GameTexts;
}) {
  const [state, setState] = useGameState(link);
  const end = useCallback(
    (reason: "signedOutNow" | "sessionEnded") => {
      removeSignedInPlayer();
      setState({ player: undefined, notice: (words) => words[reason] });
    },
    [setState],
  );
  const decline = () => setState({ link: undefined });
  const accept = (accepted: SignedInPlayer) => {
    logInWithToken(accepted).then(
      () => {
        storeSignedInPlayer(accepted);
        setState({ link: undefined, player: accepted, notice: undefined });
      },
      (error: unknown) =>
        setState({
          link: failureOf(error) === "unreachable" ? accepted : undefined,
          notice: (words) => words.linkFailures[failureOf(error)],
        }),
    );
  };
  const { loading, link: waiting, player, notice } = state;
  if (loading) return <p role="status">{texts.loading}</p>;
  return (
    <>
      {notice && (
        <p className="failure" role="alert">
          {notice(texts)}
        </p>
      )}
      {waiting && (
        <LinkQuestion
          link={waiting}
          current={player}
          texts={texts}
          onAccept={() => accept(waiting)}
          onDecline={decline}
        />
      )}
      {!waiting && player && (
        <PlayerView key={player.token} player={player} texts={texts} onEnd={end} />
      )}
      {!waiting && !player && (
        <section className="card">
          <h2>{texts.signedOut}</h2>
          {!notice && <p>{texts.howToSignIn}</p>}
        </section>
      )}
    </>
  );
}

function useGameState(link: Promise<SignedInPlayer | undefined>) {
  const [state, replace] = useState<GameState>(() => ({
    loading: true,
    link: undefined,
    player: readSignedInPlayer(),
    notice: undefined,
  }));
  const setState = useCallback(
    (changed: Partial<GameState>) => replace((before) => ({ ...before, ...changed })),
    [],
  );
  useEffect(() => {
    link.then(
      (opened) => setState({ loading: false, ...afterLink(opened) }),
      (error: unknown) =>
        setState({ loading: false, notice: (words) => words.linkFailures[failureOf(error)] }),
    );
  }, [link, setState]);
  useEffect(() => onOtherTabs(() => setState({ player: readSignedInPlayer() })), [setState]);
  return [state, setState] as const;
}

/** The user who is signed in already is asked nothing; the newer token of the two is kept. */
function afterLink(opened: SignedInPlayer | undefined): Partial<GameState> {
  if (!opened || opened.userId !== readSignedInPlayer()?.userId) return { link: opened };
  storeSignedInPlayer(opened);
  return { player: opened };
}
