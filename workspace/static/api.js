// Talking to the workspace.

export async function post(path, body) {
  try {
    const answer = await fetch(`/workspace/${path}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    return await answer.json();
  } catch {
    return { ok: false, error: "workspace_unreachable" };
  }
}

export async function get(path) {
  return (await fetch(`/workspace/${path}`)).json();
}

// Pictures of everything `user` can see, one after each change. Returns a way to stop.
export function watch(user, onPicture, onTrouble) {
  const source = new EventSource(`/workspace/stream?user=${encodeURIComponent(user)}`);
  source.onmessage = (event) => onPicture(JSON.parse(event.data));
  source.onerror = onTrouble;
  return () => source.close();
}
