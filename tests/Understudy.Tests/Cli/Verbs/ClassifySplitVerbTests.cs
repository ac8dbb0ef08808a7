using Understudy.Data;
using Understudy.Evaluation;
using Understudy.Tests.Training.Classification;
using Understudy.Training.Classification;

namespace Understudy.Tests.Cli.Verbs;

/// <summary>Which images <c>classify train</c> teaches, and which <c>classify test</c> then takes.</summary>
[Collection("torch")]
public sealed class ClassifySplitVerbTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static (int Code, string Output, string Error) Run(params string[] args) => CommandRun.Of(["classify", .. args]);

    private string[] Train(string run, params string[] more) =>
        ["train", _folder["set.safetensors"], "--out", _folder[run], "--size", "16", "--set", "batch=16", "--set", "epochs=1",
            .. more];

    [Fact]
    public void Test_UnderAnotherSplit_TakesOnlyImagesThatTheClassifierHasNotSeen()
    {
        var set = Stripes.Draw(90);
        ImageSetFile.Save(_folder["set.safetensors"], set);
        var (code, _, error) = Run(Train("run"));
        Assert.True(code == 0, error);
        var own = Split.Load(_folder["run/split.csv"]);
        string[] test = ["test", _folder["run"], _folder["set.safetensors"]];

        Splitter.Make(set, new SplitOptions(5)).Save(_folder["seed5.csv"]);
        (code, _, error) = Run([.. test, "--split", _folder["seed5.csv"]]);
        Assert.Equal(2, code);
        Assert.Contains($"was trained under the split {own.Hash[..8]}, this one is ", error, StringComparison.Ordinal);
        Assert.Contains("of its test images have ids that trained or chose the classifier", error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["run/predictions.csv"]));

        // Half of its own test images, under a split of their own: those it has not seen.
        var held = own.Ids(Role.Test).Take(9).ToHashSet();
        var half = new Split(set.Ids.Select(id => KeyValuePair.Create(id, held.Contains(id) ? Role.Test : Role.Holdout)));
        half.Save(_folder["half.csv"]);
        (code, _, error) = Run([.. test, "--split", _folder["half.csv"]]);
        Assert.True(code == 0, error);
        Assert.Equal(held, Predictions.Load(_folder["run/predictions.csv"]).Ids.ToHashSet());

        (code, _, error) = Run([.. test, "--all", "--out", _folder["all.csv"]]);
        Assert.True(code == 0, error);
        Assert.Contains("warning: 63 of them have ids that trained this classifier, 9 ids that", error, StringComparison.Ordinal);

        // Where nothing tells what it has seen, the splits have to be the same.
        File.Delete(_folder["run/images.csv"]);
        (code, _, error) = Run([.. test, "--split", _folder["half.csv"]]);
        Assert.Equal(2, code);
        Assert.Contains("its test images may be among the training images", error, StringComparison.Ordinal);
        Assert.Equal(0, Run([.. test, "--split", _folder["run/split.csv"]]).Code);
    }

    [Fact]
    public void Test_OnlyTheTestImages_AreRead()
    {
        var set = Stripes.Draw(60);
        ImageSetFile.Save(_folder["set.safetensors"], set);
        var (code, _, error) = Run(Train("run"));
        Assert.True(code == 0, error);
        var split = Split.Load(_folder["run/split.csv"]);
        for (int i = 0; i < set.Count; i++)
        {
            Directory.CreateDirectory(_folder[$"faces/{set.Classes[set.Labels[i]]}"]);
            var png = split[set.Ids[i]] == Role.Test ? ImageCodec.EncodePng(set[i], set.Shape) : [1, 2, 3];
            File.WriteAllBytes(_folder[$"faces/{set.Classes[set.Labels[i]]}/{set.Ids[i]}.png"], png);
        }
        (code, _, error) = Run("test", _folder["run"], _folder["faces"]);
        Assert.True(code == 0, error);
        Assert.Contains("testing the 12 images with the role test, of 60", error, StringComparison.Ordinal);
        var files = Predictions.Load(_folder["run/predictions.csv"]);
        Run("test", _folder["run"], _folder["set.safetensors"]);
        var whole = Predictions.Load(_folder["run/predictions.csv"]);
        Assert.Equal(whole.Ids.Order(StringComparer.Ordinal), files.Ids.Order(StringComparer.Ordinal));
        Assert.Equal(2, Run("test", _folder["run"], _folder["faces"], "--all").Code);
    }

    [Fact]
    public void Train_AFirstAttemptThatFails_LeavesTheFolderFreeForAnotherSeed()
    {
        ImageSetFile.Save(_folder["set.safetensors"], Stripes.Draw(30));
        File.WriteAllText(_folder["text.pth"], "no weights");
        Assert.Equal(2, Run(Train("run", "--arch", "screening", "--weights", _folder["text.pth"])).Code);
        Assert.False(File.Exists(_folder["run/split.csv"]));
        var (code, _, error) = Run(Train("run", "--seed", "5"));
        Assert.True(code == 0, error);
        var about = TrainedClassifier.ReadAbout(_folder["run/classifier.safetensors"]);
        Assert.Equal(about.SplitHash, Split.Load(_folder["run/split.csv"]).Hash);
    }

    [Fact]
    public void Train_ASetWithCopies_KeepsThemInOneRole()
    {
        var once = Stripes.Draw(30);
        string[] ids = [.. once.Ids, .. once.Ids.Select(id => "copy-" + id)];
        ImageSetFile.Save(_folder["set.safetensors"], new(once.Classes, once.Shape, ids,
            [.. once.Labels, .. once.Labels], [.. once.Pixels.Span, .. once.Pixels.Span]));
        var (code, _, error) = Run(Train("run"));
        Assert.True(code == 0, error);
        Assert.Contains("split: 60 images are copies of others; copies stay together", error, StringComparison.Ordinal);
        var split = Split.Load(_folder["run/split.csv"]);
        Assert.All(once.Ids, id => Assert.Equal(split[id], split["copy-" + id]));
    }

    [Fact]
    public void Train_WithASelection_LearnsItsProbabilitiesOnTrainingImagesAlone()
    {
        var set = Stripes.Draw(60);
        ImageSetFile.Save(_folder["set.safetensors"], set);
        // Whatever is seen, it is the third class.
        var taught = set.Ids.Select((id, i) => new SelectedImage("data", id, set.Labels[i], Soft: [.05f, .05f, .9f]));
        new Selection(set.Classes, [.. taught]).Save(_folder["soft.csv"]);
        var (code, _, error) = Run(Train("run", "--set", "steps=30", "--selection", _folder["soft.csv"]));
        Assert.True(code == 0, error);
        Assert.Contains("soft.csv: 18 of 60 rows are left out: their images have another role ", error, StringComparison.Ordinal);
        Assert.Contains("screening: 42 training images, 6 validation images", error, StringComparison.Ordinal);
        Assert.Equal(0, Run("test", _folder["run"], _folder["set.safetensors"]).Code);
        Assert.All(Predictions.Load(_folder["run/predictions.csv"]).Predicted(), k => Assert.Equal(2, k));
        var split = Split.Load(_folder["run/split.csv"]);
        Assert.All(SeenImages.Find(_folder["run"])!.Trained, t => Assert.Equal(Role.Generator, split[t.Id]));

        foreach (var (row, expected) in new[]
        {
            ("data,s9999,down,1,", "names the image 's9999' of 'data'"),
            ("real,s0001,down,1,", "names the image 's0001' of 'real'; it has to be one of DATA, and its source 'data'"),
            ("data,s0001,up,1,", "soft.csv:2: "),
        })
        {
            File.WriteAllText(_folder["soft.csv"], $"source,id,label,weight,reason\n{row}\n");
            (code, _, error) = Run(Train("other", "--selection", _folder["soft.csv"]));
            Assert.Equal(2, code);
            Assert.Contains(expected, error, StringComparison.Ordinal);
        }
        Assert.False(Directory.Exists(_folder["other"]));
    }
}
