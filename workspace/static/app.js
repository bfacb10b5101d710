// Puts the page together: one picture of what a person can see, drawn after each change.
import { get, post, watch } from "./api.js";
import { Bar } from "./bar.js";
import { blocks } from "./blocks.js";
import { Composer } from "./composer.js";
import { h } from "./dom.js";
import { closeModal, showModal } from "./modal.js";
import { learn } from "./names.js";
import { showRail } from "./rail.js";
import { follow, showTimeline } from "./timeline.js";
import { Traffic } from "./traffic.js";

const byId = (id) => document.getElementById(id);
const app = byId("app"), rail = byId("rail"), timeline = byId("timeline"), foot = byId("foot");
const traffic = new Traffic(byId("traffic"), () => traffic.show(false));
const bar = new Bar(byId("bar"), { openRail: () => app.classList.add("rail-open"), toggleTraffic: () => traffic.show(byId("traffic").hidden) });
const composer = new Composer(foot, () => (timeline.following = true));
let stop = () => {}, state = null, place = "", opened = "";

byId("shade").addEventListener("click", closeRail);
document.addEventListener("keydown", (event) => event.key === "Escape" && closeModal());

follow(timeline);

// Where the rail covers the page, only a reader's own choice closes it: never a picture that arrives.
function closeRail() {
  app.classList.remove("rail-open");
}

function chosen(act) {
  return (which) => {
    closeRail();
    act(which);
  };
}

function become(user) {
  stop();
  state = null;
  place = "";
  history.replaceState(null, "", `#${user}`);
  stop = watch(user, (picture) => {
    app.classList.remove("lost");
    state = { ...picture, now: new Date(picture.now) };
    learn(picture);
    if (!place) go(picture.conversations[0].id);
    else draw();
  }, () => app.classList.add("lost"));
}

function go(id) {
  if (!state) return;
  place = id;
  draw();
  const key = `${state.me}/${id}`;
  if (key !== opened && (id === "home" || room()?.kind === "im")) post("open", { user: state.me, tab: id === "home" ? "home" : "messages" });
  opened = key;
  if (matchMedia("(min-width: 721px)").matches && id !== "home") composer.box.focus();
}

function room() {
  return state.conversations.find((one) => one.id === place);
}

function draw() {
  if (!state) return;
  const here = room();
  document.title = `${here?.name ?? "Home"} · ${state.team.name}`;
  showRail(rail, state, place, { choose: chosen(go), become: chosen(become) });
  bar.show(state, here);
  foot.hidden = !here;
  if (here) {
    showTimeline(timeline, here, state, draw);
    composer.show(here, state);
  } else {
    drawHome();
  }
  showModal(state.modals, state.me);
  traffic.load(state.tz);
}

function drawHome() {
  const view = state.home;
  const mark = `home/${state.me}/${view?.hash}`;
  if (timeline.room === mark) return;
  timeline.room = mark;
  timeline.newer.hidden = true;
  const send = (order) => post("press", { user: state.me, view_id: view.id, ...order });
  timeline.replaceChildren(view
    ? h("div", { class: "home-view", data: { testid: "home-view", surface: "view" } }, blocks(view.blocks, send))
    : h("div", { class: "welcome" }, h("h2", {}, "Home 首页"), h("p", {}, "The app has not published anything here yet. 应用还没有发布首页。")));
}

const { people } = await get("people");
const asked = decodeURIComponent(location.hash.slice(1));
become(people.some((one) => one.id === asked) ? asked : people[0].id);
