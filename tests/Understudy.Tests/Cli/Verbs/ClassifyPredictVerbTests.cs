using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Understudy.Common;
using Understudy.Data;
using Understudy.Networks;
using Understudy.Networks.Classifiers;
using Understudy.Tests.Training.Classification;
using Understudy.Training.Classification;
using static TorchSharp.torch;

namespace Understudy.Tests.Cli.Verbs;

/// <summary><c>classify predict</c>: whatever images are called and lie in, and whatever is wrong with them.</summary>
[Collection("torch")]
public sealed class ClassifyPredictVerbTests : IDisposable
{
    private static readonly ClassNames s_classes = new(["a,b", "say \"hi\"", "plain"]);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static (int Code, string Output, string Error) Run(params string[] args) => CommandRun.Of(["classify", .. args]);

    /// <summary>Untrained, of 16 pixels, grey.</summary>
    private string Classifier(
        ClassNames? classes = null, Precision precision = Precision.Float32, Action<nn.Module>? change = null)
    {
        var file = _folder["c.safetensors"];
        var options = ClassifierOptions.For("screening") with { Size = 16, EarlySize = 16, Precision = precision };
        using var net = ClassifierNet.Create("screening", new(1, 16, 16), 3, 0, 4);
        using (no_grad()) change?.Invoke(net);
        TrainedClassifier.Save(file, net, new(options, classes ?? s_classes, 1, "split", 1, new(1, 1, 0, 0, 0)));
        return file;
    }

    private static byte[] Png(int i, int width = 16)
    {
        var set = Stripes.Draw(i + 1, side: 32);
        return ImageCodec.EncodePng(set[i][..(width * 16)], new(1, 16, width));
    }

    private static double[] Numbers(string[] texts) => [.. texts.Select(t => double.Parse(t, CultureInfo.InvariantCulture))];

    private static string[][] Rows(string csv) => [.. Csv.Read(new StringReader(csv), "output").Select(r => r.Fields)];

    [Fact]
    public void Predict_AFolderAZipAndAFile_GiveTheSameAnswersUnderTheirNames()
    {
        string[] names = ["a,b.png", "deep/c.png", "new\nline.png", "say \"hi\".png"];
        using (var zip = ZipFile.Open(_folder["images.zip"], ZipArchiveMode.Create))
        {
            foreach (var (i, name) in names.Index())
            {
                Directory.CreateDirectory(Path.GetDirectoryName(_folder["images/" + name])!);
                File.WriteAllBytes(_folder["images/" + name], Png(i));
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(Png(i));
            }
        }
        var file = Classifier();
        var (code, csv, error) = Run("predict", file, _folder["images"]);
        Assert.True(code == 0, error);
        Assert.Contains("4 images at 16×16, grey", error, StringComparison.Ordinal);
        var rows = Rows(csv);
        Assert.Equal(["image", "class", "a,b", "say \"hi\"", "plain"], rows[0]);
        Assert.Equal(names, rows[1..].Select(r => r[0]));
        Assert.All(rows[1..], r => Assert.Equal(s_classes[Numbers(r[2..]).Index().MaxBy(p => p.Item).Index], r[1]));

        Assert.Equal(csv, Run("predict", file, _folder["images.zip"]).Output);
        var (_, none, _) = Run("predict", file, _folder["images"], "--out", _folder["out.csv"]);
        Assert.Equal(("", csv), (none, File.ReadAllText(_folder["out.csv"])));
        var one = Rows(Run("predict", file, _folder["images/deep/c.png"]).Output)[1];
        Assert.Equal(["c.png", .. rows[2][1..]], one);

        using var json = JsonDocument.Parse(Run("predict", file, _folder["images.zip"], "--format", "json").Output);
        foreach (var (answer, row) in json.RootElement.EnumerateArray().Zip(rows[1..]))
        {
            Assert.Equal((row[0], row[1]), (answer.GetProperty("image").GetString(), answer.GetProperty("class").GetString()));
            var probabilities = answer.GetProperty("probabilities").EnumerateObject().ToList();
            Assert.Equal(s_classes, probabilities.Select(p => p.Name));
            Assert.Equal(Numbers(row[2..]), probabilities.Select(p => p.Value.GetDouble()), (a, b) => Math.Abs(a - b) < 2e-6);
        }
    }

    [Fact]
    public void Predict_AnImageThatCannotBeRead_IsNamedAndMayBeSkipped()
    {
        Directory.CreateDirectory(_folder["images"]);
        File.WriteAllBytes(_folder["images/good.png"], Png(1));
        File.WriteAllText(_folder["images/b\u001b[2Jad.png"], "no image");
        var file = Classifier();
        var (code, output, error) = Run("predict", file, _folder["images"]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(@"b\x1b[2Jad.png", error, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", error, StringComparison.Ordinal);
        (code, output, error) = Run("predict", file, _folder["images"], "--skip-bad");
        Assert.True(code == 0, error);
        Assert.Contains(@"skipped: b\x1b[2Jad.png ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", error, StringComparison.Ordinal);
        Assert.Equal(["image", "good.png"], Rows(output).Select(r => r[0]));
        File.Delete(_folder["images/good.png"]);
        (code, _, error) = Run("predict", file, _folder["images"], "--skip-bad");
        Assert.Equal(2, code);
        Assert.Contains("none of 1 images can be read; the first: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Predict_ImagesThatAreNotSquare_WantToKnowWhatToDo()
    {
        File.WriteAllBytes(_folder["wide.png"], Png(0, width: 24));
        var file = Classifier();
        string[] predict = ["predict", file, _folder["wide.png"]];
        Assert.Equal(2, Run(predict).Code);
        var (center, pad) = (Run([.. predict, "--crop", "center"]), Run([.. predict, "--crop", "pad"]));
        Assert.Equal((0, 0), (center.Code, pad.Code));
        Assert.NotEqual(center.Output, pad.Output);
    }

    [Fact]
    public void Predict_NothingToAskAbout_SaysWhatIsTaken()
    {
        Directory.CreateDirectory(_folder["empty"]);
        File.WriteAllText(_folder["x.txt"], "text");
        var file = Classifier();
        foreach (var (images, expected) in new[]
        {
            ("empty", "holds no image; endings looked for: "),
            ("x.txt", "x.txt: is neither a folder, a zip nor an image (.png"),
            ("nowhere", "nowhere: there is no such folder or file"),
        })
        {
            var (code, output, error) = Run("predict", file, _folder[images]);
            Assert.Equal((2, ""), (code, output));
            Assert.Contains(expected, error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Predict_AClassifierThatAnswersWithNoNumbers_IsRefused()
    {
        File.WriteAllBytes(_folder["x.png"], Png(0));
        var file = Classifier(change: net => net.state_dict()["fc.bias"].fill_(float.NaN));
        var (code, output, error) = Run("predict", file, _folder["x.png"]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("image 'x.png' has NaN for 'a,b'; a probability is between 0 and 1", error, StringComparison.Ordinal);
    }

    [Fact]
    public void PredictAndTest_OfBfloat16_SayWhereItIsSlow()
    {
        ImageSetFile.Save(_folder["set.safetensors"], Stripes.Draw(3));
        File.WriteAllBytes(_folder["x.png"], Png(0));
        var file = Classifier(Stripes.Classes, Precision.BFloat16);
        foreach (var (verb, images) in new[] { ("predict", "x.png"), ("test", "set.safetensors") })
        {
            var (code, _, error) = Run(verb, file, _folder[images]);
            Assert.True(code == 0, error);
            const string warning = "warning: precision: bfloat16 is slow";
            Assert.Equal(!BFloat16Support.Here.IsFast, error.Contains(warning, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Predict_ASelection_HoldsTheProbabilitiesForTrain()
    {
        var set = Stripes.Draw(20);
        ImageSetFile.Save(_folder["set.safetensors"], set);
        var file = Classifier(Stripes.Classes);
        string[] images = [_folder["set.safetensors"], "--selection"];
        var (code, output, error) = Run(["predict", file, .. images, _folder["soft.csv"]]);
        Assert.True(code == 0, error);
        Assert.Equal(_folder["soft.csv"], output.TrimEnd());
        var expected = ClassifierPredictor.Predict(file, set);
        var rows = Selection.Load(_folder["soft.csv"], set.Classes).Rows;
        Assert.Equal(set.Ids, rows.Select(r => r.Id));
        Assert.Equal(set.Labels, rows.Select(r => r.Label));
        Assert.All(rows, r => Assert.Equal(("data", 1), (r.Source, r.Weight)));
        Assert.Equal(expected.Probabilities.Cast<float>(), rows.SelectMany(r => r.Soft!));

        (code, _, error) = Run(["predict", file, .. images, _folder["x.csv"], "--out", _folder["y.csv"]]);
        Assert.Equal(2, code);
        Assert.Contains("--selection and --out: give one", error, StringComparison.Ordinal);
        (code, _, error) = Run(["predict", Classifier(), .. images, _folder["x.csv"]]);
        Assert.Equal(2, code);
        Assert.Contains("tells the classes", error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["x.csv"]));
    }
}
