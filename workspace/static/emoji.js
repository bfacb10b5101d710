// Short names the page draws; any other stays as written.
const EMOJI = {
  white_check_mark: "✅", heavy_check_mark: "✔️", x: "❌", warning: "⚠️", rotating_light: "🚨", no_entry: "⛔",
  red_circle: "🔴", large_orange_circle: "🟠", large_yellow_circle: "🟡", large_green_circle: "🟢", large_blue_circle: "🔵",
  white_circle: "⚪", bell: "🔔", calendar: "📅", date: "📅", clock8: "🕗", hourglass_flowing_sand: "⏳", zzz: "💤",
  chart_with_upwards_trend: "📈", chart_with_downwards_trend: "📉", bar_chart: "📊", book: "📖", books: "📚", scroll: "📜",
  memo: "📝", pushpin: "📌", link: "🔗", mag: "🔍", bulb: "💡", question: "❓", exclamation: "❗", lock: "🔒", shield: "🛡️",
  briefcase: "💼", bank: "🏦", moneybag: "💰", credit_card: "💳", handshake: "🤝", telephone_receiver: "📞", phone: "☎️",
  wave: "👋", "+1": "👍", thumbsup: "👍", "-1": "👎", thumbsdown: "👎", eyes: "👀", tada: "🎉", sunrise: "🌅", sunny: "☀️",
  star: "⭐", fire: "🔥", rocket: "🚀", smile: "😄", slightly_smiling_face: "🙂", speech_balloon: "💬", arrow_right: "➡️",
  arrow_up: "⬆️", arrow_down: "⬇️", small_red_triangle: "🔺", small_red_triangle_down: "🔻", gear: "⚙️", house: "🏠",
};

export function emoji(name) {
  return Object.hasOwn(EMOJI, name) ? EMOJI[name] : `:${name}:`;
}

export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (_, name) => emoji(name));
}
