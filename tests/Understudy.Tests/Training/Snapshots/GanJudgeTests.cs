using Understudy.Common;
using Understudy.Data;
using Understudy.Training;
using Understudy.Training.Augmentation;

namespace Understudy.Tests.Training;

/// <summary>Trainings whose snapshots a judge looks at, and judges that may not.</summary>
[Collection("torch")]
public sealed class GanJudgeTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly ImageSet _set = TwoTones.Draw();
    private readonly Heard _heard = new();

    public void Dispose() => _temp.Dispose();

    /// <summary>Twelve steps of 8, a snapshot every two.</summary>
    private static GanTrainingOptions Short { get; } = TinyGan.Smallest with
    {
        Kimg = 0.096,
        Batch = 8,
        EmaKimg = 0.02,
        Augment = AugmentKind.None,
        TickKimg = 0.016,
        SnapshotKimg = 0.016,
    };

    [Fact]
    public void Train_WithAJudge_MeasuresInItsFeaturesTooAndKeepsACopy()
    {
        var judge = TinyJudge.Write(_temp["judge.safetensors"], _set.Classes);
        Train("seen", judge);
        Train("unseen", null);
        var (seen, unseen) = (Stats("seen"), Stats("unseen"));
        Assert.Equal(6, seen.Count);
        Assert.All(seen, t =>
        {
            Assert.True(t["quality/judge/fd"] > 0);
            Assert.Equal(t["quality/judge/fd"], (t["quality/judge/fd/tone 0"] + t["quality/judge/fd/tone 1"]) / 2, 9);
            Assert.InRange(t["quality/judge/coverage/tone 1"], 0, 1);
            // A net of random weights takes most images for one class: right for that one, wrong for the other.
            Assert.Equal(t["quality/judge/agreement"],
                (t["quality/judge/agreement/tone 0"] + t["quality/judge/agreement/tone 1"]) / 2, 9);
        });
        // It looks on: what is trained and measured in pixels is the same to the last bit.
        Assert.Equal(unseen.Select(t => t.ToDictionary()),
            seen.Select(t => t.Where(v => !v.Key.StartsWith("quality/judge/", StringComparison.Ordinal)).ToDictionary()));
        Assert.Equal(File.ReadAllBytes(judge), File.ReadAllBytes(Path.Combine(_temp["seen"], "judge.safetensors")));
        Assert.Equal((Fingerprint.OfFile(judge), null), (GanRun.Load(_temp["seen"]).Judge, GanRun.Load(_temp["unseen"]).Judge));
        Assert.Matches(@"^G [\d.]+  D [\d.]+  judge FD \d+\.\d\d, agrees \d+ %$", _heard.Notes["seen"]);
        Assert.Matches(@"^G [\d.]+  D [\d.]+$", _heard.Notes["unseen"]);
    }

    [Fact]
    public void Train_WhereJudgeAndPixelsDiffer_TheBestIsTheJudges()
    {
        var longer = Short with { Kimg = 0.8, SnapshotKimg = 0.16, TickKimg = 0.16, EmaKimg = 0.1 };
        Train("run", TinyJudge.Write(_temp["blind.safetensors"], _set.Classes, blind: true), longer);
        var ticks = Stats("run");
        // To the blind all snapshots are equal, and the first stays the best; in pixels a later one is better.
        Assert.All(ticks, t => Assert.Equal((0, .5), (t["quality/judge/fd"], t["quality/judge/agreement"])));
        Assert.True(ticks.Min(t => t["quality/fd"]) < ticks[0]["quality/fd"]);
        Assert.Equal(160, GeneratorFile.ReadCard(Path.Combine(_temp["run"], "best.safetensors")).Images);
        Assert.Equal(160, GeneratorFile.ReadCard(new Checkpoints(Path.Combine(_temp["run"], "checkpoints")).BestFile).Images);
    }

    [Fact]
    public void Train_KilledAndGoneOnWithTheCopy_EqualsTheUnbrokenRunToTheLastByte()
    {
        var judge = TinyJudge.Write(_temp["judge.safetensors"], _set.Classes);
        Train("whole", judge);
        // Like a kill: nothing is written any more.
        Assert.Throws<InvalidOperationException>(() =>
            GanTrainer.Train(_set, Short, _temp["broken"], 7, _heard, "", null, null, 20,
            s => { if (s.Steps == 7) throw new InvalidOperationException(); }, default, judge));
        File.Delete(judge);
        Train("broken", JudgeFile.Of(GanRun.Load(_temp["broken"]), _temp["broken"]));
        foreach (var name in new[] { "options.json", "stats.jsonl", "generator.safetensors", "best.safetensors",
            "judge.safetensors", "checkpoints/best.safetensors", "checkpoints/checkpoint-0000000012.safetensors" })
        {
            Assert.True(File.ReadAllBytes(Path.Combine(_temp["whole"], name)).AsSpan()
                .SequenceEqual(File.ReadAllBytes(Path.Combine(_temp["broken"], name))), name);
        }
    }

    [Fact]
    public void Train_WhatCannotJudge_IsRefusedBeforeAnyWork()
    {
        var path = _temp["judge.safetensors"];
        string Refused<T>(Action write) where T : Exception
        {
            write();
            var message = Assert.Throws<T>(() => Train("run", path)).Message;
            Assert.False(Directory.Exists(_temp["run"]));
            return message;
        }
        Assert.Equal(
            $"judge: {path} tells the classes [tone 1, tone 0], the images have [tone 0, tone 1]; names and order must be the same",
            Refused<OptionException>(() => TinyJudge.Write(path, new(["tone 1", "tone 0"]))));
        Assert.Equal(
            $"judge: {path} takes images of 3 channels, these have 1; read them with --channels 3, or train the judge on such images",
            Refused<OptionException>(() => TinyJudge.Write(path, _set.Classes, channels: 3)));
        Assert.Equal(
            $"judge: {path}: mini-xception has no linear last layer whose input could be measured in; train one of another --arch",
            Refused<OptionException>(() => TinyJudge.Write(path, _set.Classes, arch: "mini-xception")));
        Assert.Equal($"{path}: is no classifier of format understudy/classifier/3 (it says: understudy/generator/1); "
            + "give a classifier.safetensors, or use the version of understudy that wrote it",
            Refused<InvalidDataException>(() =>
                SafetensorsFile.Write(path, new Dictionary<string, string> { ["format"] = "understudy/generator/1" }, [])));
        Assert.StartsWith($"{path}: ", Refused<InvalidDataException>(() => File.WriteAllText(path, "no weights at all")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Train_WithAnotherJudgeThanBegun_IsRefusedAndNamesBoth()
    {
        var (first, second) = (TinyJudge.Write(_temp["one.safetensors"], _set.Classes),
            TinyJudge.Write(_temp["two.safetensors"], _set.Classes, seed: 2));
        string Short12(string path) => Fingerprint.OfFile(path)[..12] + "…";
        var little = Short with { Kimg = 0.016 };
        Train("run", first, little);
        Train("plain", null, little);
        var (run, plain) = (_temp["run"], _temp["plain"]);
        var copy = Path.Combine(run, "judge.safetensors");
        string Refused(string folder, string? judge) => Assert.Throws<OptionException>(() => Train(folder, judge)).Message;

        Assert.Equal($"judge: {second} ({Short12(second)}) is not the one that {run} was begun with ({Short12(first)}); "
            + $"give that one with --judge {copy}, or start a new run in another folder with --out", Refused("run", second));
        Assert.Equal(
            $"judge: {run} was begun with one ({Short12(first)}); give it again with --judge {copy}, or start a new run in "
            + "another folder with --out",
            Refused("run", null));
        Assert.Equal(
            $"judge: {plain} was begun without one, and its best is chosen in pixels; go on without {second} "
            + $"({Short12(second)}), "
            + "or start a new run in another folder with --out", Refused("plain", second));
        Assert.Equal(Fingerprint.OfFile(first), Fingerprint.OfFile(copy));

        File.Copy(second, copy, overwrite: true);
        Assert.Equal(
            $"judge: {copy} was changed: it is {Short12(second)}, the run was begun with {Short12(first)}; put that classifier "
            + "there again, "
            + "or start a new run in another folder with --out", Refused("run", copy));
        File.Delete(copy);
        Assert.Equal($"{copy} is missing: the run was begun with this judge ({Short12(first)}); put the classifier there again",
            Assert.Throws<InvalidDataException>(() => JudgeFile.Of(GanRun.Load(run), run)).Message);
        // The same bytes from elsewhere are the same judge.
        Train("run", first, little);
        Assert.Equal(Fingerprint.OfFile(first), Fingerprint.OfFile(copy));
    }

    private void Train(string run, string? judge, GanTrainingOptions? options = null)
    {
        _heard.Run = run;
        GanTrainer.Train(_set, options ?? Short, _temp[run], 7, _heard, default, judge: judge);
    }

    private List<IReadOnlyDictionary<string, double>> Stats(string run) =>
        [.. RunDirectory.ReadStats(Path.Combine(_temp[run], "stats.jsonl"))];

    private sealed class Heard : ProgressSink
    {
        public string Run { get; set; } = "";

        /// <summary>The last of each run.</summary>
        public Dictionary<string, string> Notes { get; } = [];

        public override void Report(string task, double done, double total, string unit, string? note = null) =>
            Notes[Run] = note ?? "";

        public override void Say(string line) { }
    }
}
