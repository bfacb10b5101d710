// The workspace's time, in the time zone of the person looking.

export function clockTime(ts, tz) {
  return new Intl.DateTimeFormat("en-GB", { timeZone: tz, hour: "2-digit", minute: "2-digit" }).format(ts * 1000);
}

function date(moment, tz) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: tz, dateStyle: "short" }).format(moment);
}

export function day(ts, tz, now) {
  const moment = new Date(ts * 1000);
  const zh = new Intl.DateTimeFormat("zh-CN", { timeZone: tz, month: "long", day: "numeric", weekday: "short" }).format(moment);
  return date(moment, tz) === date(now, tz) ? `Today 今天 · ${zh}` : zh;
}

export function clockFace(now, tz) {
  const part = (locale, options) => new Intl.DateTimeFormat(locale, { timeZone: tz, ...options }).format(now);
  return {
    date: part("en-CA", { dateStyle: "short" }),
    weekday: { en: part("en", { weekday: "short" }), zh: part("zh-CN", { weekday: "short" }) },
    time: part("en-GB", { hour: "2-digit", minute: "2-digit" }),
  };
}
