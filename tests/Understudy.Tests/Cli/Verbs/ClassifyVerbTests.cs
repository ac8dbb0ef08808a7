using System.Text.Json;
using Understudy.Data;
using Understudy.Evaluation;
using Understudy.Tests.Training.Classification;
using Understudy.Training.Classification;

namespace Understudy.Tests.Cli.Verbs;

[Collection("torch")]
public sealed class ClassifyVerbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("understudy-classify-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string At(params string[] path) => Path.Combine([_folder, .. path]);

    private static (int Code, string Output, string Error) Run(params string[] args) => CommandRun.Of(["classify", .. args]);

    [Fact]
    public void Train_Set_ChangesAnyOption()
    {
        ImageSetFile.Save(At("set.safetensors"), Stripes.Draw(60));
        string[] train = ["train", At("set.safetensors"), "--out", At("run"), "--size", "16", "--epochs", "1", "--batch", "16"];
        var (code, output, error) =
            Run([.. train, "--set", "mixup=1", "--set", "schedule=cosine", "--set", "calibrate=true", "--set", "warm_up=0.1",
            "--set", "augment.erasing=0.5", "--set", "augment.flip=false", "--set", "optimiser=adamw", "--set",
                "peak_rate=0.002"]);
        Assert.True(code == 0, error);
        var about = TrainedClassifier.ReadAbout(At("run", "classifier.safetensors"));
        var options = about.Options;
        Assert.Contains(FormattableString.Invariant($"temperature {about.Temperature:0.000}, fitted"), output,
            StringComparison.Ordinal);
        Assert.Equal((1, RateSchedule.Cosine, true, .1), (options.Mixup, options.Schedule, options.Calibrate, options.WarmUp));
        Assert.Equal((.5, false, 2), (options.Augment.Erasing, options.Augment.Flip, options.Augment.Shift));
        Assert.Equal((ClassifierOptimiser.AdamW, .002), (options.Optimiser, options.PeakRate));
    }

    [Theory]
    [InlineData("mix_up=1", "did you mean 'mixup'? All: arch, size,")]
    [InlineData("schedule=step", "'step' is no value for schedule, which is one of: one_cycle, cosine, plateau")]
    [InlineData("optimiser=adam", "'adam' is no value for optimiser, which is one of: sgd, adamw")]
    [InlineData("precision=bf16", "'bf16' is no value for precision, which is one of: float32, bfloat16, auto")]
    [InlineData("schedule=7", "'7' is no value for schedule, which is one of: one_cycle, cosine, plateau")]
    [InlineData("patience=-1", "patience: -1 is out of range")]
    [InlineData("mixup=much", "'much' is no value for mixup, which was 0")]
    [InlineData("augment.flipp=false", "did you mean 'augment.flip'? All: augment.flip, augment.shift,")]
    [InlineData("augment.erasing=2", "augment.erasing: 2 is out of range; give 0 to 1")]
    [InlineData("augment.shift=far", "'far' is no value for augment.shift, which was 2")]
    [InlineData("batch.size=3", "--set batch.size: no such option")]
    public void Train_SetMistaken_IsNamed(string setting, string message)
    {
        var (code, _, error) = Run("train", At("set.safetensors"), "--out", At("run"), "--set", setting);
        Assert.Equal(2, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public void TrainTestPredict_OneSet_FromImagesToAnswers()
    {
        var set = Stripes.Draw(90, noise: 30);
        ImageSetFile.Save(At("set.safetensors"), set);
        string[] train = ["train", At("set.safetensors"), "--out", At("run"), "--size", "16", "--epochs", "4", "--batch", "16"];
        var (code, output, error) = Run([.. train, "--precision", "float32"]);
        Assert.True(code == 0, error);
        Assert.Contains("best epoch ", output, StringComparison.Ordinal);

        // Only what the split beside the classifier gives to testing is tested.
        (code, output, error) = Run("test", At("run"), At("set.safetensors"), "--json");
        Assert.True(code == 0, error);
        var split = Split.Load(At("run", "split.csv"));
        var predictions = Predictions.Load(At("run", "predictions.csv"));
        Assert.Equal(split.Indices(set, Role.Test).Select(i => set.Ids[i]), predictions.Ids);
        var result = JsonDocument.Parse(output).RootElement;
        Assert.Equal(18, result.GetProperty("images").GetInt32());
        Assert.Equal(predictions.Labels.Zip(predictions.Predicted()).Average(p => p.First == p.Second ? 1.0 : 0),
            result.GetProperty("accuracy").GetDouble(), 1e-12);
        Run("test", At("run"), At("set.safetensors"), "--all", "--out", At("all.csv"));
        Assert.Equal(90, Predictions.Load(At("all.csv")).Count);

        // The same images as files, in colour and of another size, in a folder without classes: the answers follow the file
        // names.
        var large = Resizer.Resize(set, 32, 32);
        Directory.CreateDirectory(At("images", "deep"));
        for (int i = 0; i < 3; i++)
            File.WriteAllBytes(At("images", "deep", $"{i}.png"), ImageCodec.EncodePng(large[i], large.Shape));
        (code, output, error) = Run("predict", At("run", "classifier.safetensors"), At("images"));
        Assert.True(code == 0, error);
        var lines = output.Split('\n');
        Assert.Equal("image,class,across,down,slanted", lines[0]);
        Assert.Equal(["deep/0.png", "deep/1.png", "deep/2.png"], lines[1..4].Select(l => l.Split(',')[0]));
        (_, output, _) = Run("predict", At("run"), At("images", "deep", "1.png"), "--format", "json");
        var answer = JsonDocument.Parse(output).RootElement[0];
        Assert.Equal(("1.png", lines[2].Split(',')[1]),
            (answer.GetProperty("image").GetString(), answer.GetProperty("class").GetString()));
        Assert.Equal(1, answer.GetProperty("probabilities").EnumerateObject().Sum(p => p.Value.GetDouble()), 1e-5);

        // A set in one file is asked about too, labels or not; what is about Parquet is refused elsewhere.
        Assert.Equal(91, Run("predict", At("run"), At("set.safetensors")).Output.TrimEnd().Split('\n').Length);
        (_, _, error) = Run("predict", At("run"), At("images"), "--image-column", "x");
        Assert.Contains($"column 'x': {At("images")} is no Parquet set", error, StringComparison.Ordinal);

        // Again on the same folder: done already, in its own number format; with another seed: another split, and refused.
        Assert.Equal(0, Run(train).Code);
        Assert.Contains("\"precision\": \"bfloat16\" now", Run([.. train, "--precision", "bfloat16"]).Error,
            StringComparison.Ordinal);
        (code, _, error) = Run([.. train, "--seed", "5"]);
        Assert.Equal(2, code);
        Assert.Contains("split.csv is another split", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Verbs_Mistakes_AreToldInOneLineWithExitCodeTwo()
    {
        ImageSetFile.Save(At("set.safetensors"), Stripes.Draw(30));
        Directory.CreateDirectory(At("empty"));
        foreach (var (args, expected) in new (string[], string)[]
        {
            (["train", At("set.safetensors"), "--out", At("r"), "--recipe", "a", "--arch", "recipe-a"],
                "--recipe and --arch: give one"),
            (["train", At("set.safetensors"), "--out", At("r"), "--recipe", "z"],
                "recipe: 'z' is not known; one of: screening, a, b, smoke"),
            (["train", At("set.safetensors"), "--out", At("r"), "--arch", "vit"], "arch: 'vit' is not known; one of: "),
            (["train", At("set.safetensors"), "--out", At("r"), "--epochs", "0"], "epochs: 0 is out of range; give 1 to"),
            (["train", At("set.safetensors")], "--out"),
            (["test", At("r"), At("set.safetensors"), "--all", "--split", "x.csv"], "--all and --split: give one"),
            (["test", At("nothing"), At("set.safetensors")], "nothing: there is no such file or folder; give the folder of a"),
            (["test", At("empty"), At("set.safetensors")], "no classifier was trained there to the end"),
            (["predict", At("set.safetensors"), At("empty")], "is no classifier of format"),
            (["predict", At("empty"), At("empty"), "--format", "xml"], "--format: 'xml' is not known; one of: csv, json"),
            (["train", At("set.safetensors"), "--out", At("r"), "--optimiser", "lion"],
                "--optimiser: 'lion' is not known; one of: sgd, adamw"),
            (["train", At("set.safetensors"), "--out", At("r"), "--precision", "bf16"],
                "--precision: 'bf16' is not known; one of: float32, bfloat16"),
            (["train", At("set.safetensors"), "--out", At("r"), "--role", "test"],
                "--role: 'test' is not known; one of: generator, judge"),
        })
        {
            var (code, _, error) = Run(args);
            Assert.Contains(expected, error, StringComparison.Ordinal);
            Assert.Equal(2, code);
            Assert.Single(error.TrimEnd('\n').Split('\n'));
        }
    }

    [Fact]
    public void Train_TooFewForASplit_PointsToTheVerbThatHasShares()
    {
        ImageSetFile.Save(At("two.safetensors"), Stripes.Draw(2));
        var (code, _, error) = Run("train", At("two.safetensors"), "--out", At("few"));
        Assert.Equal((2, "understudy: 2 images: too few for the usual split into training, validation and test; "
            + "give more, or a split of your own with --split (see: understudy data split --help)\n"), (code, error));
    }
}
