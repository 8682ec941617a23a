/** Collects what must be done at the end, however the end comes. It is done in reverse order. */
export type AtTheEnd = (action: () => unknown) => void;

export function endings(): { readonly atTheEnd: AtTheEnd; readonly end: () => Promise<void> } {
  const actions: (() => unknown)[] = [];
  let ended: Promise<void> | undefined;
  return {
    atTheEnd: (action) => void actions.push(action),
    end: () => {
      ended ??= endAll(actions);
      return ended;
    },
  };
}

async function endAll(actions: (() => unknown)[]): Promise<void> {
  for (let action = actions.pop(); action; action = actions.pop()) {
    try {
      await action();
    } catch (error) {
      console.error(error);
    }
  }
}
