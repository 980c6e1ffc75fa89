// Installing: the browser says when it may be offered; where it never does, the page says how to do it by hand.

interface Prompt extends Event {
  prompt(): Promise<void>;
}

let offered: Prompt | null = null;

export function listen(then: () => void): void {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offered = event as Prompt;
    then();
  });
}

export const canInstall = () => offered !== null;
export const isInstalled = () => matchMedia("(display-mode: standalone)").matches;

export async function install(): Promise<void> {
  await offered?.prompt();
  offered = null;
}
