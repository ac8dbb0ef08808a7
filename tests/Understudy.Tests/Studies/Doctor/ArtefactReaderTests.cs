using Understudy.Common;
using Understudy.Data;
using Understudy.Evaluation;
using Understudy.Evaluation.Diagnosis;
using Understudy.Studies.Doctor;

namespace Understudy.Tests.Studies.Doctor;

/// <summary>Files that are given by themselves, or several together, and are recognised by what is in them.</summary>
[Collection("torch")]
public sealed class ArtefactReaderTests : IDisposable
{
    private static readonly ClassNames Csv = new(["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]);
    private static readonly ClassNames Folders = new(Csv.Order(StringComparer.Ordinal));

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Read_FilesOfEveryKind_SeesWhatTheyAre()
    {
        var set = Set(Folders);
        ImageSetFile.Save(_temp["set.safetensors"], set);
        ImageSetWriter.Write(_temp["set.zip"], set, null, null, ProgressSink.None);
        Split(set).Save(_temp["split"]);
        PaperStudy.Predict(set, .6, 1).Save(_temp["predictions"]);
        File.WriteAllText(_temp["labels"], "id,label\nimage-00,sad\n");
        PaperStudy.SaveClassifier(_temp["run"], Folders, "s", null);
        PaperStudy.SaveGenerator(_temp["g.safetensors"], [.. Folders], "", "");
        PaperStudy.SaveSet(_temp["synthetic.zip"], set, Understudy.Training.GeneratorFile.ReadCard(_temp["g.safetensors"]));

        Assert.Equal(
            [ArtefactKind.Images, ArtefactKind.Images, ArtefactKind.Split, ArtefactKind.Predictions, ArtefactKind.Labels,
                ArtefactKind.Classifier, ArtefactKind.Classifier,
                ArtefactKind.Generator, ArtefactKind.SyntheticImages],
            new[] { "set.safetensors", "set.zip", "split", "predictions", "labels", "run", "run/classifier.safetensors",
                "g.safetensors", "synthetic.zip" }.Select(f => Read(f).Single().Kind));
    }

    [Theory]
    [InlineData("notes.txt", "some words\n", "its first line is 'some words'")]
    [InlineData("x.json", "{ \"a\": 1 }\n", "it is JSON, but no manifest of a synthetic set")]
    [InlineData("x.bin", "\u0001\u0002", "it is neither a zip, nor a safetensors file, nor text")]
    [InlineData("empty", "", "it is neither a zip, nor a safetensors file, nor text")]
    public void Read_SomethingElse_SaysWhatIsTaken(string name, string text, string why)
    {
        File.WriteAllText(_temp[name], text);

        var message = Assert.Throws<InvalidDataException>(() => Read(name)).Message;

        Assert.StartsWith($"{_temp[name]}: not recognised: {why}; give a study's folder, images, split.csv, predictions.csv, ",
            message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TensorsOfAnotherFormat_NamesIt()
    {
        SafetensorsFile.Write(_temp["x.safetensors"], new Dictionary<string, string> { ["format"] = "pt" }, []);

        Assert.Contains("its header names the format 'pt'",
            Assert.Throws<InvalidDataException>(() => Read("x.safetensors")).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => Read("nothing"));
    }

    [Fact]
    public void Examine_ClassifierInCsvOrderBesideFolders_IsAFault()
    {
        ImageSetFile.Save(_temp["set.safetensors"], Set(Folders));
        PaperStudy.SaveClassifier(_temp["run"], Csv, "s", null);

        var found = Examine("set.safetensors", "run").Single(c => c.Finding.IsAlarm).Finding;

        Assert.Equal((ClassMaps.Detector, Severity.Fault), (found.Detector, found.Severity));
        Assert.Contains("run has the order of fer2013.csv", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Examine_PredictionsWithLabelsOfOtherRows_AreSeenByTheirImages()
    {
        var set = Set(Folders);
        ImageSetFile.Save(_temp["set.safetensors"], set);
        var p = PaperStudy.Predict(set, .6, 1);
        new Predictions(p.Classes, [.. p.Ids.Skip(1), p.Ids[0]], p.Labels, p.Probabilities).Save(_temp["p.csv"]);

        Assert.Equal(LabelJoin.Detector, Examine("p.csv", "set.safetensors").Single(c => c.Finding.IsAlarm).Finding.Detector);
        Assert.DoesNotContain(Examine("p.csv"), c => c.Finding.IsAlarm);
    }

    [Fact]
    public void Examine_PredictionsThatAreNoNumbers_SaysSoAndNoMore()
    {
        var p = PaperStudy.Predict(Set(Folders), .6, 1);
        p.Save(_temp["p.csv"]);
        var lines = File.ReadAllLines(_temp["p.csv"]);
        File.WriteAllLines(_temp["p.csv"],
            [lines[0], .. lines[1..]
                .Select((l, i) => i == 3 ? string.Join(',', l.Split(',').Take(2).Concat(Enumerable.Repeat("NaN", 7))) : l)]);
        File.WriteAllLines(_temp["twice.csv"], [.. lines, lines[1]]);

        Assert.Equal([(ProbabilityHealth.Detector, Severity.Fault)],
            Examine("p.csv").Select(c => (c.Finding.Detector, c.Finding.Severity)));
        Assert.Contains("image 'image-000' stands twice", Examine("twice.csv").Single().Finding.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Examine_RunThatSawTestImages_IsAFaultAlsoWithoutATest()
    {
        var set = Set(Folders);
        var split = Split(set);
        string[] test = [.. split.Ids(Role.Test)], rest = [.. split.Ids(Role.Generator)];
        split.Save(_temp["run/split.csv"]);
        PaperStudy.SaveClassifier(_temp["run"], Folders, split.Hash,
            new([.. rest.Append(test[0]).Select(id => ("data", id))], [test[1], .. split.Ids(Role.Validation)]));

        Assert.Equal([SeenTestImages.Training, SeenTestImages.Choice],
            Examine("run").Where(c => c.Finding.Severity == Severity.Fault).Select(c => c.Finding.Detector));
    }

    [Fact]
    public void Examine_SplitsOfDifferentImages_MayDiffer()
    {
        var real = Split(Set(Folders));
        var synthetic = Split(Set(Folders, "syn"));
        real.Save(_temp["real.csv"]);
        PaperStudy.SaveClassifier(_temp["run"], Folders, synthetic.Hash, new([], []));
        synthetic.Save(_temp["run/split.csv"]);
        PaperStudy.SaveGenerator(_temp["g.safetensors"], [.. Folders], "", real.Hash);

        Assert.DoesNotContain(Examine("real.csv", "run", "g.safetensors"), c => c.Finding.IsAlarm);
        Assert.Equal(SplitHashes.Detector, Examine("run", "g.safetensors").Single(c => c.Finding.IsAlarm).Finding.Detector);
    }

    [Fact]
    public void Examine_GeneratorOfTheWholeSet_SawItsTestImages()
    {
        var set = Set(Folders).WithParts([.. Enumerable.Range(0, 140).Select(i => i < 100 ? "train" : "test")]);
        ImageSetFile.Save(_temp["set.safetensors"], set);
        PaperStudy.SaveGenerator(_temp["g.safetensors"], [.. Folders], set.Fingerprint, "");

        Assert.Equal((RolesSeen.Detector, Severity.Fault),
            Examine("set.safetensors", "g.safetensors").Where(c => c.Finding.IsAlarm)
                .Select(c => (c.Finding.Detector, c.Finding.Severity)).Single());
    }

    [Fact]
    public void Examine_SplitOfASmallerSet_SaysHowManyItNames()
    {
        var set = Set(Folders);
        ImageSetFile.Save(_temp["set.safetensors"], set);
        Split(set.Subset([.. Enumerable.Range(0, 100)])).Save(_temp["split.csv"]);

        Assert.Contains("gives a role to 100 of the 140 images",
            Examine("set.safetensors", "split.csv").Single(c => c.Finding.IsAlarm).Finding.Message, StringComparison.Ordinal);
    }

    private IReadOnlyList<Artefact> Read(string name) =>
        new ArtefactReader(ImageReading.AsIs, ProgressSink.None).Read(_temp[name], alone: false);

    private IReadOnlyList<Complaint> Examine(params string[] names) =>
        Examination.Of([.. names.SelectMany(Read)], copies: true, ProgressSink.None, default);

    private static Split Split(ImageSet set) => Splitter.Make(set, new());

    private static ImageSet Set(ClassNames classes, string name = "image")
    {
        var random = new KeyedRandom(1, name);
        return new(classes, new(1, 6, 6), [.. Enumerable.Range(0, 140).Select(i => $"{name}-{i:000}")],
            [.. Enumerable.Range(0, 140).Select(i => i / 20)],
            [.. Enumerable.Range(0, 140 * 36).Select(_ => (byte)random.Next(256))]);
    }
}
