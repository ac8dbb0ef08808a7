using Understudy.Cli;

namespace Understudy.Tests.Cli;

public sealed class TerminalTests : IDisposable
{
    private readonly Clock _clock = new();
    private readonly StringWriter _out = new() { NewLine = "\n" };

    [Fact]
    public void Report_NotATerminal_WritesPlainLinesWithRateAndTimeLeft()
    {
        using var terminal = new Terminal(_out, bar: false, () => 80, _clock);

        for (int second = 0; second <= 12; second++, _clock.Seconds++)
            terminal.Report("train", second * 100, 2000, "image", "loss 0.5");

        Assert.Equal("""
            train 25 %  500/2,000 images  100 images/s  15 s left  loss 0.5
            train 50 %  1,000/2,000 images  100 images/s  10 s left  loss 0.5

            """, _out.ToString());
    }

    [Fact]
    public void Say_ANameWithAnEscapeSequence_ShowsIt()
    {
        using var terminal = new Terminal(_out, bar: true, () => 80, _clock);

        terminal.Say("skipped: \u001b]0;title\u0007.png");

        Assert.Equal("skipped: \\x1b]0;title\\x07.png\n", _out.ToString());
    }

    [Fact]
    public void Report_ShortTask_LeavesNoLine()
    {
        using var terminal = new Terminal(_out, bar: false, () => 80, _clock);

        terminal.Report("split", 0, 1, "file");
        _clock.Seconds += 2;
        terminal.Report("split", 1, 1, "file");

        Assert.Equal("", _out.ToString());
    }

    [Fact]
    public void Report_LongTask_EndsWithALineThatSaysHowLong()
    {
        using var terminal = new Terminal(_out, bar: false, () => 80, _clock);

        terminal.Report("train", 0, 2, "epoch");
        _clock.Seconds = 60;
        terminal.Report("train", 1, 2, "epoch");
        _clock.Seconds = 120;
        terminal.Report("train", 2, 2, "epoch");

        Assert.Equal("""
            train 50 %  1/2 epochs  60 s/epoch  1:00 min left
            train 100 %  2/2 epochs  60 s/epoch  in 2:00 min

            """, _out.ToString());
    }

    [Fact]
    public void Report_NothingForAWhile_SaysForHowLongInsteadOfARateAndTimeLeft()
    {
        using var terminal = new Terminal(_out, bar: false, () => 80, _clock);
        terminal.Report("train", 0, 300_000, "image");
        _clock.Seconds = 610;
        terminal.Report("train", 25, 300_000, "image");

        foreach (var later in new[] { 620, 641, 800 })
        {
            _clock.Seconds = later;
            _clock.Tick();
        }

        Assert.Equal("""
            train 0 %  25/300,000 images  24.4 s/image  2033:09 h left
            … train 0 %  25/300,000 images  nothing new for 31 s
            … train 0 %  25/300,000 images  nothing new for 3:10 min

            """, _out.ToString());
    }

    [Fact]
    public void Report_NothingForAWhile_TheBarSaysSoToo()
    {
        using var terminal = new Terminal(_out, bar: true, () => 80, _clock);
        terminal.Report("train", 1, 2, "step");

        _clock.Seconds = 45;
        _clock.Tick();

        Assert.EndsWith("\r━━━━━━━━━━╌╌╌╌╌╌╌╌╌╌ train 50 %  1/2 steps  nothing new for 45 s\x1b[K", _out.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Report_LongTaskThatGoesOn_HasNoSignOfLifeBetweenItsLines()
    {
        using var terminal = new Terminal(_out, bar: false, () => 80, _clock);

        for (; _clock.Seconds < 3600; _clock.Seconds++)
        {
            terminal.Report("train", _clock.Seconds, 7200, "step");
            if (_clock.Seconds % 30 == 29) _clock.Tick();
        }

        Assert.DoesNotContain("…", _out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_Terminal_DrawsOneBarAtMostTenTimesASecond()
    {
        using var terminal = new Terminal(_out, bar: true, () => 60, _clock);

        for (int i = 0; i <= 20; i++, _clock.Seconds += .02) terminal.Report("train", i, 40, "step");

        var draws = _out.ToString().Split('\r')[1..];
        Assert.Equal(5, draws.Length);
        Assert.Equal("╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ train 0 %  0/40 steps\x1b[K", draws[0]);
        Assert.All(draws, d => Assert.True(d.Length < 60 + 3));
    }

    /// <summary>Time left is what a narrow line is looked at for.</summary>
    [Theory]
    [InlineData(100, "━━━━╌╌╌╌╌╌╌╌╌╌╌╌ 6/9 generator g: train generator 25 %  1,000/4,000 images  100 images/s  30 s")]
    [InlineData(90, "━━━━━╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ 6/9 generator g 25 %  1,000/4,000 images  100 images/s  30 s")]
    [InlineData(80, "━━━╌╌╌╌╌╌╌╌╌╌ 6/9 generator g 25 %  1,000/4,000 images  100 images/s  30 s")]
    public void Report_NarrowTerminal_ShortensBarAndNameBeforeTimeLeft(int width, string line)
    {
        using var terminal = new Terminal(_out, bar: true, () => width, _clock);
        terminal.Report("6/9 generator g: train generator", 0, 4000, "image");
        _clock.Seconds = 10;
        terminal.Report("6/9 generator g: train generator", 1000, 4000, "image");

        Assert.StartsWith(line, _out.ToString().Split('\r')[^1], StringComparison.Ordinal);
        Assert.Contains("30 s left", _out.ToString().Split('\r')[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Report_Seconds_HaveNoRate()
    {
        using var terminal = new Terminal(_out, bar: false, () => 80, _clock);
        for (; _clock.Seconds <= 6; _clock.Seconds++) terminal.Report("train", _clock.Seconds, 60, "second", "0.1 kimg");

        Assert.Equal("train 8 %  5/60 seconds  55 s left  0.1 kimg\n", _out.ToString());
    }

    [Fact]
    public void Say_Terminal_ClearsTheBarFirst()
    {
        using var terminal = new Terminal(_out, bar: true, () => 60, _clock);
        terminal.Report("train", 1, 2, "step");

        terminal.Say("done");

        Assert.EndsWith("\r\x1b[Kdone\n", _out.ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => _out.Dispose();

    private sealed class Clock : TimeProvider
    {
        private readonly List<Action> _timers = [];

        public double Seconds { get; set; }

        public override long TimestampFrequency => 1_000_000;

        public override long GetTimestamp() => (long)Math.Round(Seconds * TimestampFrequency);

        public void Tick() => _timers.ForEach(t => t());

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _timers.Add(() => callback(state));
            return new Dead();
        }

        private sealed class Dead : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose() { }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
