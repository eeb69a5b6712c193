#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""witness.py - when crontab lines come in the weeks around changes of the clock, by
another way than schedule.c: it walks over every minute of a week, asks zoneinfo what
the clocks show, and looks whether the line has that minute.  A line for each:

    ZONE|CRON|WINDOW or -|BEGIN MOMENT MOMENT ...       (UTC, seconds)

witness.py digests: the moments of daily and weekly digests in a year, for each

    ZONE|DAY or -|HH:MM|MOMENT MOMENT ...
"""
import datetime
import random
import sys
import zoneinfo

CHANGES = {
    "Europe/Berlin": ["2026-03-29T01:00", "2026-10-25T01:00"],
    "America/New_York": ["2027-03-14T07:00", "2026-11-01T06:00"],
    "Australia/Lord_Howe": ["2026-10-03T15:30", "2027-04-03T15:00"],
}
UTC = datetime.timezone.utc
MINUTE = datetime.timedelta(minutes=1)
LAST = object()


def numbers(rng, least, most):
    """A field, and the set of numbers that it means."""
    kind = rng.randrange(4)
    if kind == 0:
        return "*", set(range(least, most + 1))
    if kind == 1:
        step = rng.randrange(2, 20)
        return f"*/{step}", set(range(least, most + 1, step))
    low = rng.randrange(least, most + 1)
    high = rng.randrange(low, most + 1)
    if kind == 2:
        return f"{low}-{high}", set(range(low, high + 1))
    return f"{high},{low}", {low, high}


def draw(rng):
    minute, hour, day, weekday = (numbers(rng, *r) for r in
                                  ((0, 59), (0, 23), (1, 31), (0, 6)))
    if rng.randrange(2):
        hour = (str(h := rng.randrange(4)), {h})
    if rng.randrange(2):
        day = "*", set(range(1, 32))
    elif rng.randrange(4) == 0:
        day = "L", {LAST}
    if rng.randrange(3):
        weekday = "*", set(range(7))
    return minute, hour, day, weekday


def has(line, shown):
    minute, hour, day, weekday = line
    last = (shown + datetime.timedelta(days=1)).month != shown.month
    dated = shown.day in day[1] or (last and LAST in day[1])
    named = (shown.weekday() + 1) % 7 in weekday[1]
    both = not day[0].startswith("*") and not weekday[0].startswith("*")
    return (shown.minute in minute[1] and shown.hour in hour[1]
            and (dated or named if both else dated and named))


def is_open(window, shown):
    if window == "-":
        return True
    text = shown.strftime("%H:%M")
    begin, end = window.split("-")
    return begin <= text < end if begin < end else text >= begin or text < end


def moments(line, window, zone, begin):
    """What the clocks skip comes when they are put on; what they show twice, once."""
    found, seen, before = [], set(), None
    at = begin
    while at < begin + datetime.timedelta(days=7):
        shown = at.astimezone(zone).replace(tzinfo=None)
        wanted = [shown]
        while before is not None and wanted[0] - before > MINUTE:
            wanted.insert(0, wanted[0] - MINUTE)
        hit = any(has(line, w) and w not in seen for w in wanted)
        if hit and is_open(window, shown) and at > begin:
            found.append(int(at.timestamp()))
        seen.add(shown)
        before = shown
        at += MINUTE
    return found


def main():
    rng = random.Random(1)
    for name, changes in CHANGES.items():
        zone = zoneinfo.ZoneInfo(name)
        for change in changes * 6:
            begin = datetime.datetime.fromisoformat(change).replace(tzinfo=UTC)
            begin -= datetime.timedelta(days=2, minutes=rng.randrange(1440))
            line = draw(rng)
            window = rng.choice(("-", "-", "-", "22:00-06:00", "01:15-04:00"))
            found = moments(line, window, zone, begin)[:200]
            text = " ".join((line[0][0], line[1][0], line[2][0], "*", line[3][0]))
            print(f"{name}|{text}|{window}|{int(begin.timestamp())}",
                  *found)


DIGESTS = (("Asia/Tokyo", "mon", "08:00"), ("Asia/Tokyo", "-", "00:00"),
           ("Europe/Berlin", "sun", "02:30"), ("Europe/Berlin", "-", "02:30"),
           ("America/New_York", "sun", "01:30"), ("America/New_York", "-", "23:59"))


def digests():
    """By days and not by minutes: the date's time as zoneinfo places it; the first of two,
    and of one that is skipped the moment when the clocks are put on."""
    for name, weekday, shown in DIGESTS:
        zone, found = zoneinfo.ZoneInfo(name), []
        for number in range(366):
            day = datetime.date(2026, 1, 1) + datetime.timedelta(days=number)
            if weekday not in ("-", day.strftime("%a").lower()):
                continue
            time = datetime.datetime.combine(day, datetime.time.fromisoformat(shown), zone)
            at = time.astimezone(UTC)
            if at.astimezone(zone).replace(tzinfo=None) != time.replace(tzinfo=None):
                # Fold 0 goes by the offset before the gap: as much past its end.
                while (at - MINUTE).astimezone(zone).utcoffset() == at.astimezone(zone).utcoffset():
                    at -= MINUTE
            found.append(int(at.timestamp()))
        print(f"{name}|{weekday}|{shown}|", *found)


digests() if sys.argv[1:] == ["digests"] else main()
