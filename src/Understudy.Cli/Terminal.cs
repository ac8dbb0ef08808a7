using Understudy.Common;

namespace Understudy.Cli;

/// <summary>
/// Progress for people. On a terminal: one bar with rate and time left, redrawn at most ten times a second. Elsewhere: a plain
/// line for a task after five seconds, then ever less often, at least one a minute, and a sign of life after half a minute
/// without a report.
/// </summary>
internal sealed class Terminal : ProgressSink, IDisposable
{
    private static readonly TimeSpan Redraw = TimeSpan.FromSeconds(.1), PlainLine = TimeSpan.FromSeconds(5),
        Silence = TimeSpan.FromSeconds(30);
    private readonly Dictionary<string, Pace> _tasks = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly TextWriter _writer;
    private readonly TimeProvider _clock;
    private readonly bool _bar;
    private readonly Func<int> _width;
    private readonly ITimer _heart;
    private string _task = "", _where = "starting";
    private double _share;
    private long _heard, _written;
    private bool _drawn;

    public Terminal(TextWriter writer, bool bar, Func<int> width, TimeProvider clock)
    {
        (_writer, _bar, _width, _clock) = (writer, bar, width, clock);
        _heard = _written = clock.GetTimestamp();
        _heart = clock.CreateTimer(_ => Beat(), null, Silence, Silence);
    }

    /// <summary>A bar where standard error is a terminal that can move its cursor, plain lines elsewhere.</summary>
    public static Terminal For(TextWriter error) => new(error, ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected
        && Environment.GetEnvironmentVariable("TERM") != "dumb", () => Console.WindowWidth, TimeProvider.System);

    /// <summary>Whether text may be coloured: a terminal, and no NO_COLOR (no-color.org).</summary>
    public bool Colour => _bar && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    public override void Report(string task, double done, double total, string unit, string? note = null)
    {
        lock (_gate)
        {
            var now = _clock.GetTimestamp();
            if (!_tasks.TryGetValue(task, out var pace)) _tasks[task] = pace = new(now, done);
            pace.See(now, done, _clock);
            (_heard, _share) = (now, done / Math.Max(total, 1e-9));
            _task = task;
            _where = FormattableString.Invariant($"{(total > 0 ? Math.Floor(100 * Math.Min(1, done / total)) : 0):0} %  ")
                + $"{Human.Count(done)}/{Human.Count(total)} {unit}s";
            var text = _where + pace.Describe(done, total, unit, note is null ? null : Human.Visible(note),
                _clock.GetElapsedTime(pace.Start, now));
            var finished = done >= total;
            var due = _bar ? !pace.EverShown || finished || _clock.GetElapsedTime(_written, now) >= Redraw
                : (finished && pace.EverShown)
                || _clock.GetElapsedTime(pace.Shown, now) >= Interval(_clock.GetElapsedTime(pace.Start, now));
            if (due)
            {
                (pace.EverShown, pace.Shown) = (true, now);
                if (_bar) Draw(text);
                else Line(Named(text));
            }
            if (!finished) return;
            _tasks.Remove(task);
            Clear();
        }
    }

    public override void Say(string line)
    {
        lock (_gate) { Clear(); Line(Human.Visible(line)); }
    }

    public void Dispose()
    {
        _heart.Dispose();
        lock (_gate) Clear();
    }

    /// <summary>Five seconds at first; for work of hours, one line a minute is enough.</summary>
    private static TimeSpan Interval(TimeSpan taken) =>
        TimeSpan.FromSeconds(Math.Clamp(taken.TotalSeconds / 20, PlainLine.TotalSeconds, 60));

    private void Beat()
    {
        lock (_gate)
        {
            // Rate and time left were true when they were said; of work that has stalled they would be nonsense.
            var silence = _clock.GetElapsedTime(_heard);
            if (silence < Silence) return;
            var text = $"{_where}  nothing new for {Human.Duration(silence)}";
            if (_bar) Draw(text);
            else Line($"… {Named(text)}");
        }
    }

    /// <summary>
    /// Where the line is too narrow, the bar gets shorter, then the name loses its second half; only then the end is cut, a note.
    /// </summary>
    private void Draw(string news)
    {
        const int most = 20, fewest = 8;
        var width = Math.Max(20, _width() - 1);
        var room = width - Named(news).Length - 1;
        if (room < fewest && _task.LastIndexOf(": ", StringComparison.Ordinal) is > 0 and var end)
            (_task, room) = (_task[..end], room + _task.Length - end);
        var cells = Math.Clamp(room, fewest, most);
        var full = (int)(Math.Clamp(_share, 0, 1) * cells);
        var text = $"{new string('━', full)}{new string('╌', cells - full)} {Named(news)}";
        _writer.Write($"\r{(text.Length > width ? text[..width] : text)}\x1b[K");
        _writer.Flush();
        (_drawn, _written) = (true, _clock.GetTimestamp());
    }

    private string Named(string text) => _task.Length == 0 ? text : $"{_task} {text}";

    private void Clear()
    {
        if (_drawn) _writer.Write("\r\x1b[K");
        _drawn = false;
    }

    private void Line(string text)
    {
        _writer.WriteLine(text);
        _writer.Flush();
        _written = _clock.GetTimestamp();
    }

    /// <summary>The rate of one task: over its last half minute or so, so that it follows changes and does not jump.</summary>
    private sealed class Pace(long start, double first)
    {
        private long _at = start;
        private double _from = first, _rate;

        public long Start { get; } = start;

        public long Shown { get; set; } = start;

        public bool EverShown { get; set; }

        public void See(long now, double done, TimeProvider clock)
        {
            var seconds = clock.GetElapsedTime(_at, now).TotalSeconds;
            if (seconds < .5) return;
            var keep = _rate == 0 ? 0 : Math.Exp(-seconds / 30);
            _rate = keep * _rate + (1 - keep) * Math.Max(0, done - _from) / seconds;
            (_at, _from) = (now, done);
        }

        /// <summary>What follows where it is: rate, time taken or left, and the note.</summary>
        public string Describe(double done, double total, string unit, string? note, TimeSpan taken)
        {
            // A second takes a second.
            var text = _rate > 0 && unit != "second" ? $"  {Rate(unit)}" : "";
            text += done >= total ? $"  in {Human.Duration(taken)}"
                : _rate > 0 ? $"  {Human.Duration(TimeSpan.FromSeconds(Math.Min(1e7, (total - done) / _rate)))} left" : "";
            return note is null ? text : $"{text}  {note}";
        }

        private string Rate(string unit) => _rate >= 1 ? $"{Human.Count(_rate >= 10 ? Math.Round(_rate) : _rate)} {unit}s/s"
            : FormattableString.Invariant($"{1 / _rate:0.#} s/{unit}");
    }
}
