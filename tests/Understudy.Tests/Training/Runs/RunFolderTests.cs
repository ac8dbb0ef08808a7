using Understudy.Common;
using Understudy.Data;
using Understudy.Tests.Studies;
using Understudy.Tests.Training.Classification;
using Understudy.Training;
using Understudy.Training.Classification;

namespace Understudy.Tests.Training;

/// <summary>Whose folder it is, and what is said of a run that is there already.</summary>
[Collection("torch")]
public sealed class RunFolderTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Open_FolderWithOtherFiles_IsRefusedAndStaysAsItIs()
    {
        Directory.CreateDirectory(_temp["faces/happy"]);

        Assert.Equal($"{_temp["faces"]} holds other files, such as happy; choose a new or an empty folder with --out",
            Assert.Throws<OptionException>(() => RunDirectory.Open(_temp["faces"])).Message);
        Assert.Equal(["happy"], Directory.EnumerateFileSystemEntries(_temp["faces"]).Select(Path.GetFileName));
    }

    [Fact]
    public void Open_WhatIsLeftOfABeginning_IsTaken()
    {
        Directory.CreateDirectory(_temp["run"]);
        foreach (var name in new[] { ".lock", "source.json", "split.csv", "options.json.partial", "RESTRICTED" })
            File.WriteAllText(_temp[$"run/{name}"], "");
        RunDirectory.Open(_temp["run"]).Dispose();

        File.WriteAllText(_temp["run/options.json"], "{}");
        File.WriteAllText(_temp["run/notes.txt"], "mine");
        RunDirectory.Open(_temp["run"]).Dispose();
    }

    private sealed record Run(int Batch, string Data, string SplitHash);

    [Theory]
    [InlineData("c", "s", "other images, or the same in another size or split")]
    [InlineData("d", "t", "other images, or another split")]
    public void EnsureOptions_OtherHashes_AreToldInWords(string data, string split, string says)
    {
        using var run = RunDirectory.Open(_temp["run"]);
        run.EnsureOptions(new Run(1, "d", "s"));
        var e = Assert.Throws<OptionException>(() => run.EnsureOptions(new Run(1, data, split)));
        Assert.Contains($"with other options ({says});", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_TheOtherKindOfRun_IsCalledThat()
    {
        Directory.CreateDirectory(_temp["c"]);
        File.WriteAllText(_temp["c/options.json"], """{"options":{},"data_fingerprint":"0"}""");
        File.WriteAllText(_temp["c/classifier.safetensors"], "");

        Assert.Equal($"{_temp["c"]} is a classifier's run, not a generator's; the same understudy classify train goes on with it",
            Assert.Throws<InvalidDataException>(() => GanRun.Load(_temp["c"])).Message);
        Assert.Equal($"{_temp["c"]} is a classifier's run; "
            + "give a generator's: a generator.safetensors, or the folder of a gan train",
            Assert.Throws<InvalidDataException>(() => GeneratorFile.Resolve(_temp["c"])).Message);
    }

    [Fact]
    public void Read_RoleThatNobodyHas_NamesThoseThereAre()
    {
        var set = TwoTones.Draw(8);
        ImageSetFile.Save(_temp["set.safetensors"], set);
        var split = new Split(set.Ids.Select((id, i) => KeyValuePair.Create(id, i < 6 ? Role.Generator : Role.Test)));
        var source = GanSource.Of(_temp["set.safetensors"], ImageReading.AsIs, [Role.Judge]);
        Assert.Equal("role: the split gives none of these images the role judge; they have generator, test: "
            + "name one of these, or make another split with understudy data split",
            Assert.Throws<OptionException>(() => source.Read(split, ProgressSink.None)).Message);
    }

    [Fact]
    public void Save_WhereImagesCameFrom_MarksTheFolder()
    {
        GanSource.Of("faces.zip", ImageReading.AsIs, []).Save(_temp["run"], null);
        Assert.StartsWith("Holds real images, or ", File.ReadAllText(_temp["run/RESTRICTED"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_OneClass_IsNamed()
    {
        var set = TwoTones.Draw(8, classes: 1);
        var sets = new Dictionary<string, ImageSet> { ["data"] = set };
        var data = new ClassifierData(Selection.Of("data", set, [0, 1]), sets, set, "");
        var e = Assert.Throws<OptionException>(data.Validate);
        Assert.Equal("data: has one class, 'tone 0'; a classifier needs two", e.Message);
    }

    /// <summary>Stopped, gone on with, finished, and called once more: each is said.</summary>
    [Fact]
    public void Train_Generator_SaysWhereItStoppedAndGoesOn()
    {
        var (data, options) = (TwoTones.Draw(16), TinyGan.Smallest with { Kimg = .016 });
        CollectedProgress Train(int cancelAfter)
        {
            using var cancel = new CancellationTokenSource();
            var progress = new CollectedProgress();
            try
            {
                GanTrainer.Train(data, options, _temp["run"], 0, progress, "", null, null, 20,
                    s => { if (s.Steps + 1 == cancelAfter) cancel.Cancel(); }, cancel.Token);
            }
            catch (OperationCanceledException) { /* asked for */ }
            return progress;
        }

        Assert.Contains("train generator: stopped at 0.008 of 0.016 kimg, with a checkpoint", Train(2).Lines);
        Assert.Contains("train generator: goes on from 0.008 of 0.016 kimg", Train(0).Lines);
        var last = Train(0);
        Assert.Contains("train generator: was finished already, at 0.016 of 0.016 kimg", last.Lines);
        Assert.Empty(last.Tasks);
    }

    [Fact]
    public void Train_Classifier_SaysWhereItStoppedAndGoesOn()
    {
        var data = Stripes.Data(Stripes.Draw(40), 32, 8);
        var options = Stripes.Options with { Epochs = 2, Batch = 16, Steps = null };
        List<string> Train(bool stop)
        {
            using var cancel = new CancellationTokenSource();
            if (stop) cancel.Cancel();
            var progress = new CollectedProgress();
            try { ClassifierTrainer.Train(options, data, _temp["run"], 1, progress, cancel.Token); }
            catch (OperationCanceledException) { /* asked for */ }
            return [.. progress.Lines];
        }

        Assert.Contains("train classifier: stopped at step 1 of 4, with a checkpoint", Train(true));
        Assert.Contains("train classifier: goes on from step 1 of 4", Train(false));
        Assert.Contains("train classifier: was finished already at step 4 of 4", Train(false));
    }
}
