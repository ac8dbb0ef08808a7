using System.Diagnostics;
using Understudy.Common;
using Understudy.Training;
using Understudy.Training.Augmentation;
using static TorchSharp.torch;

namespace Understudy.Tests.Training;

/// <summary>Faults planted in a training, and clean trainings in which nothing may be seen.</summary>
[Collection("torch")]
public sealed class GanSafetyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("understudy-safe-").FullName;
    private readonly Said _said = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Twelve steps of 8, a checkpoint every two.</summary>
    private static GanTrainingOptions Short { get; } = TinyGan.Smallest with
    {
        Kimg = 0.096,
        Batch = 8,
        EmaKimg = 0.02,
        Augment = AugmentKind.None,
        TickKimg = 0.008,
        SnapshotKimg = 0.016,
    };

    [Fact]
    public void Train_WeightTurnsNaN_GoesBackWithHalfTheStepAndEnds()
    {
        var planted = 0;
        var result = Train(Short, "run", s =>
        {
            if (s.Steps == 7 && planted++ == 0) Fill(s, float.NaN);
        });
        Assert.Equal((96, true), (result.Images, result.Complete));
        var incident = Assert.Single(RunDirectory.ReadIncidents(In("run")));
        Assert.Equal((1, 6L, Short.LearningRate / 2), (incident.Number, incident.BackTo, incident.LearningRate));
        Assert.Contains("NaN", incident.What, StringComparison.Ordinal);
        Assert.Contains("Going back to 0.048 kimg with half the step, learning_rate 0.00125 (1 of at most 3 times)",
            Assert.Single(_said.Lines), StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(1, 12).Select(s => (double)s),
            RunDirectory.ReadStats(Path.Combine(In("run"), "stats.jsonl")).Select(t => t["step"]));
        Assert.All(RunDirectory.ReadStats(Path.Combine(In("run"), "stats.jsonl")).SelectMany(t => t),
            v => Assert.True(double.IsFinite(v.Value), v.Key));
    }

    [Fact]
    public void Train_KilledAfterGoingBack_EqualsTheUnbrokenRunToTheLastByte()
    {
        int first = 0, second = 0;
        Train(Short, "whole", s =>
        {
            if (s.Steps == 7 && first++ == 0) Fill(s, float.NaN);
        });
        Assert.Throws<InvalidOperationException>(() => Train(Short, "broken", s =>
        {
            if (s.Steps == 7 && second++ == 0) Fill(s, float.NaN);
            // Like a kill: nothing is written any more.
            if (s.Steps == 9) throw new InvalidOperationException();
        }));
        Train(Short, "broken", null);
        foreach (var name in new[] { "stats.jsonl", "incidents.jsonl", "generator.safetensors", "best.safetensors",
            "checkpoints/best.safetensors", "checkpoints/checkpoint-0000000012.safetensors" })
        {
            Assert.True(File.ReadAllBytes(Path.Combine(In("whole"), name)).AsSpan()
                .SequenceEqual(File.ReadAllBytes(Path.Combine(In("broken"), name))), name);
        }
    }

    [Fact]
    public void Train_WeightTurnsNaNEveryTime_GoesFurtherBackAndStopsWithAReason()
    {
        long shown = 0;
        var e = Assert.Throws<TrainingDivergedException>(() => Train(Short, "run", s =>
        {
            if (s.Steps == 7) Fill(s, float.NaN);
            if (s is { Rollbacks: 2, Steps: 4 })
                shown = GeneratorFile.ReadCard(Path.Combine(In("run"), GeneratorFile.Name)).Images;
        }));
        // The generator of step 6 was passed over with its checkpoint.
        Assert.Equal(32, shown);
        Assert.Contains("gone back 3 times", e.Message, StringComparison.Ordinal);
        Assert.Contains("learning_rate=0.0003125 or less", e.Message, StringComparison.Ordinal);
        Assert.Contains("gamma", e.Message, StringComparison.Ordinal);
        // The checkpoint of step 6 was not trusted twice; that of step 4, then, reached it again.
        Assert.Equal([6L, 4L, 6L], RunDirectory.ReadIncidents(In("run")).Select(i => i.BackTo));
        var (generator, card) = GeneratorFile.Load(new Checkpoints(Path.Combine(In("run"), "checkpoints")).All[0].Path);
        using (generator) Assert.Equal(48, card.Images);
        Assert.All(generator.named_parameters(), p => Assert.True(p.parameter.isfinite().all().item<bool>()));
    }

    [Fact]
    public void Train_LearningRateTimesHundred_IsSeenAndHandled()
    {
        var options = Short with { Kimg = 0.8, LearningRate = 0.25, SnapshotKimg = 0.4, TickKimg = 0.4 };
        var e = Record.Exception(() => Train(options, "run", null));
        var incidents = RunDirectory.ReadIncidents(In("run"));
        Assert.NotEmpty(incidents);
        Assert.True(e is null or TrainingDivergedException, $"{e}");
        Assert.Equal(Enumerable.Range(1, incidents.Count).Select(n => 0.25 / (1 << n)), incidents.Select(i => i.LearningRate));
    }

    [Fact]
    public void Train_ClassCollapses_IsNamedAndUndone()
    {
        var planted = 0;
        var result = Train(Short, "run", s =>
        {
            if (s.Steps == 6 && planted++ == 0) Drown(s);
        }, warmUpKimg: 0.05);
        Assert.Equal((96, true), (result.Images, result.Complete));
        var incident = Assert.Single(RunDirectory.ReadIncidents(In("run")));
        Assert.Contains("class 'tone 1' collapsed", incident.What, StringComparison.Ordinal);
        Assert.Equal((8L, 6L), (incident.Step, incident.BackTo));
    }

    /// <summary>Three half-lives of 40 images are more than the 96 that are shown.</summary>
    [Fact]
    public void Train_ClassCollapsesWhileTheAverageIsYoung_IsNotYetJudged()
    {
        Train(Short with { EmaKimg = 0.04, EmaRamp = 0 }, "run", s =>
        {
            if (s.Steps == 6) Drown(s);
        }, warmUpKimg: 0.05);
        Assert.Empty(RunDirectory.ReadIncidents(In("run")));
    }

    /// <summary>Killed between the generator's file and the checkpoint, a run goes on from before the file.</summary>
    [Fact]
    public void Train_GeneratorOfACheckpointThatWasNeverWritten_IsTakenBack()
    {
        Train(Short, "whole", null);
        Train(Short with { Kimg = 0.032 }, "run", null);
        var generator = Path.Combine(In("run"), GeneratorFile.Name);
        File.Copy(Path.Combine(In("whole"), GeneratorFile.Name), generator, overwrite: true);
        long shown = 0;
        Train(Short, "run", s => shown = shown > 0 ? shown : GeneratorFile.ReadCard(generator).Images);
        Assert.Equal(32, shown);
        Assert.Equal(96, GeneratorFile.ReadCard(generator).Images);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Train_Clean_RaisesNothingAndKeepsTheBest(int seed)
    {
        var options = Short with { Kimg = 0.8, SnapshotKimg = 0.16, TickKimg = 0.16, EmaKimg = 0.1 };
        Train(options, "run", null, warmUpKimg: 0.4, seed: (ulong)seed);
        Assert.Empty(_said.Lines);
        Assert.False(File.Exists(Path.Combine(In("run"), "incidents.jsonl")));
        var ticks = RunDirectory.ReadStats(Path.Combine(In("run"), "stats.jsonl")).ToList();
        var best = ticks.MinBy(t => t["quality/fd"])!;
        Assert.All(ticks, t => Assert.InRange(t["quality/coverage/tone 1"], 0, 1));
        Assert.Equal(best["kimg"] * 1000, GeneratorFile.ReadCard(Path.Combine(In("run"), "best.safetensors")).Images);
        Assert.Equal(best["kimg"] * 1000,
            GeneratorFile.ReadCard(new Checkpoints(Path.Combine(In("run"), "checkpoints")).BestFile).Images);
        Assert.Equal(3, new Checkpoints(Path.Combine(In("run"), "checkpoints")).All.Count);
    }

    [Fact]
    public void Train_DiskFull_KeepsTheLastCheckpointAndGoesOnFromIt()
    {
        Train(Short, "whole", null);
        var mount = Directory.CreateDirectory(In("small")).FullName;
        var mounted = Call("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", mount);
        try
        {
            var run = Path.Combine("small", "run");
            var filler = Path.Combine(mount, "filler");
            var e = Assert.ThrowsAny<IOException>(() => Train(Short, run, s =>
            {
                if (s.Steps == 7)
                    FillDisk(mounted, filler, Path.Combine(In(run), "checkpoints", "checkpoint-0000000008.safetensors"));
            }));
            Assert.Contains("ree some space", e.Message, StringComparison.Ordinal);
            Assert.Equal(6, new Checkpoints(Path.Combine(In(run), "checkpoints")).All[0].Step);
            File.Delete(filler);
            Train(Short, run, null);
            foreach (var name in new[] { "stats.jsonl", "generator.safetensors",
                "checkpoints/checkpoint-0000000012.safetensors" })
            {
                Assert.Equal(File.ReadAllBytes(Path.Combine(In("whole"), name)), File.ReadAllBytes(Path.Combine(In(run), name)));
            }
        }
        finally
        {
            if (mounted) Assert.True(Call("umount", mount));
        }
    }

    /// <summary>
    /// Takes all the room there is; where no small disk could be mounted, leads the next file to the device that is always full.
    /// </summary>
    private static void FillDisk(bool mounted, string filler, string next)
    {
        if (!mounted)
        {
            File.CreateSymbolicLink(next + AtomicFile.PartialSuffix, "/dev/full");
            return;
        }
        using var file = new FileStream(filler, FileMode.Create, FileAccess.Write, FileShare.None, 0);
        var block = new byte[4096];
        try
        {
            while (true) file.Write(block);
        }
        catch (IOException) { /* full: what was wanted */ }
    }

    private static bool Call(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static void Fill(GanSession session, float value)
    {
        using var off = no_grad();
        session.Live.named_parameters().First().parameter.fill_(value);
    }

    /// <summary>
    /// The mapping answers class 1 with a shout in which z is not heard, and class 0 as before: the images of class 1 are all
    /// one.
    /// </summary>
    private static void Drown(GanSession session)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var both = LabelEncoding.OneHot([0, 1], 2);
        foreach (var generator in new[] { session.Live, session.Averaged })
        {
            var p = generator.named_parameters().ToDictionary(x => x.name, x => x.parameter);
            // What the first layer sees of the labels: rows of a unit second moment.
            var embedded = both.mm(p["mapping.embed.weight"].t()) + p["mapping.embed.bias"];
            embedded = embedded / embedded.square().mean([1], keepdim: true).sqrt();
            var across = embedded[1] - embedded[0];
            // The part of the difference that class 0 has nothing of.
            across -= embedded[0] * ((across * embedded[0]).sum() / embedded[0].square().sum());
            p["mapping.fc0.weight"].narrow(1, Short.ZDim, Short.WDim).add_(across * 1e5);
        }
    }

    private GanResult Train(GanTrainingOptions options, string run, Action<GanSession>? beforeStep, double warmUpKimg = 20,
        ulong seed = 7) =>
        GanTrainer.Train(TwoTones.Draw(), options, In(run), seed, _said, "", null, null, warmUpKimg, beforeStep, default);

    private string In(string name) => Path.Combine(_folder, name);

    private sealed class Said : ProgressSink
    {
        public List<string> Lines { get; } = [];

        public override void Report(string task, double done, double total, string unit, string? note = null) { }

        public override void Say(string line) => Lines.Add(line);
    }
}
