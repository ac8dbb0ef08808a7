using Understudy.Common;
using Understudy.Networks;
using Understudy.Training;

namespace Understudy.Tests.Training;

[Collection("torch")]
public sealed class RunDirectoryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("understudy-run-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private sealed record Two(int Batch, double Gamma);

    [Fact]
    public void Open_HeldByAnother_NamesTheFolder()
    {
        using (RunDirectory.Open(_folder))
        {
            var e = Assert.Throws<IOException>(() => RunDirectory.Open(_folder));
            Assert.Contains(_folder, e.Message, StringComparison.Ordinal);
            Assert.Contains("in use", e.Message, StringComparison.Ordinal);
        }
        RunDirectory.Open(_folder).Dispose();
    }

    [Fact]
    public void EnsureOptions_OfAnotherVersion_AreRefusedWithARemedy()
    {
        using var run = RunDirectory.Open(_folder);
        File.WriteAllText(run.OptionsFile, """{"batch":32,"gamma":0.1,"cutmix":0}""");
        var e = Assert.Throws<InvalidDataException>(() => run.EnsureOptions(new Two(32, 0.1)));
        Assert.StartsWith($"{run.OptionsFile}: is not of this version of understudy, or was changed (", e.Message,
            StringComparison.Ordinal);
        Assert.EndsWith("finish the run with the version that began it, or start anew in another folder with --out", e.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void EnsureOptions_Others_AreRefusedByLine()
    {
        using var run = RunDirectory.Open(_folder);
        run.EnsureOptions(new Two(32, 0.1));
        run.EnsureOptions(new Two(32, 0.1));
        var e = Assert.Throws<OptionException>(() => run.EnsureOptions(new Two(64, 0.1)));
        Assert.Contains("\"batch\": 32 there, \"batch\": 64 now", e.Message, StringComparison.Ordinal);
    }

    private sealed record Holder(OnlyPrecision Options);

    private sealed record OnlyPrecision(Precision Precision);

    /// <summary>A run goes on as it began, wherever it goes on.</summary>
    [Theory]
    [InlineData(Precision.BFloat16, Precision.Auto, Precision.BFloat16)]
    [InlineData(Precision.Float32, Precision.Auto, Precision.Float32)]
    [InlineData(Precision.Float32, Precision.BFloat16, Precision.BFloat16)]
    [InlineData(null, Precision.Auto, Precision.Auto)]
    public void PrecisionIn_Auto_IsThatOfTheRunThatIsThere(Precision? begun, Precision asked, Precision expected)
    {
        if (begun is { } there)
        {
            using var run = RunDirectory.Open(_folder);
            run.EnsureOptions(new Holder(new(there)));
        }
        Assert.Equal(expected, RunDirectory.PrecisionIn(_folder, asked));
    }

    [Fact]
    public void PrecisionIn_TornOptions_NamesTheFile()
    {
        File.WriteAllText(Path.Combine(_folder, "options.json"), "{\"options\":{\"prec");
        var e = Assert.Throws<InvalidDataException>(() => RunDirectory.PrecisionIn(_folder, Precision.Auto));
        Assert.Contains("options.json", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RewindTo_DropsLaterTicksAndATornLine()
    {
        using var run = RunDirectory.Open(_folder);
        foreach (var step in new[] { 10L, 20, 30 })
            run.Append(step, new Dictionary<string, double> { ["loss"] = step / 8.0 },
                new Dictionary<string, double> { ["seconds"] = step });
        var unbroken = File.ReadAllLines(run.StatsFile)[..2];
        File.AppendAllText(run.StatsFile, "{\"step\":5,\"lo");
        run.RewindTo(20);
        Assert.Equal(unbroken, File.ReadAllLines(run.StatsFile));
        Assert.Equal("{\"step\":20,\"loss\":2.5}", unbroken[1]);
        Assert.Equal(2, File.ReadAllLines(run.TimesFile).Length);
        Assert.Equal([10.0, 20.0], RunDirectory.ReadStats(run.StatsFile).Select(s => s["step"]));
    }

    /// <summary>Two threads add in another order than one.</summary>
    [Theory]
    [InlineData(1, true, 1)]
    [InlineData(1, false, 0)]
    [InlineData(0, true, 0)]
    public void WriteEnvironment_ARunBegunWithOtherThreads_IsWarnedOf(int fewer, bool checkpoint, int warnings)
    {
        using var run = RunDirectory.Open(_folder);
        var now = RunEnvironment.Current();
        File.WriteAllText(Path.Combine(_folder, "environment.json"),
            StrictJson.Write(now with { Threads = now.Threads + fewer }));
        if (checkpoint) File.WriteAllText(Path.Combine(Directory.CreateDirectory(run.CheckpointFolder).FullName, "a"), "");
        var said = new Studies.CollectedProgress();

        run.WriteEnvironment(said);

        Assert.Equal(warnings, said.Lines.Count);
        Assert.All(said.Lines,
            l => Assert.StartsWith($"warning: this run was begun with {now.Threads + 1} threads, now {now.Threads}; ", l,
                StringComparison.Ordinal));
        Assert.Equal(now, RunEnvironment.Find(Path.Combine(_folder, "environment.json")));
    }

    [Fact]
    public void WriteEnvironment_NamesVersionsAndThreads()
    {
        using var run = RunDirectory.Open(_folder);
        run.WriteEnvironment(ProgressSink.None);
        var text = File.ReadAllText(Path.Combine(_folder, "environment.json"));
        foreach (var key in new[] { "understudy", "torch_sharp", "libtorch", "dotnet", "processor", "threads" })
            Assert.Contains($"\"{key}\": ", text, StringComparison.Ordinal);
    }
}
