using Understudy.Common;
using Understudy.Data;
using Understudy.Evaluation;
using Understudy.Evaluation.Diagnosis;
using Understudy.Studies.Doctor;

namespace Understudy.Tests.Studies.Doctor;

/// <summary>
/// Every fault that is planted in a study is found by the detector made for it, and clean studies are left alone.
/// </summary>
[Collection("torch")]
public sealed class ExaminationTests
{
    public static TheoryData<int> TwentySeeds => new(Enumerable.Range(0, 20));

    /// <summary>Accuracies from .2 to .95, 2 to 12 classes, even and lopsided, 24 to 600 test images.</summary>
    [Theory]
    [MemberData(nameof(TwentySeeds))]
    public void Of_CleanStudy_RaisesNoAlarm(int seed)
    {
        var random = new KeyedRandom((ulong)seed, "tests/paper");
        var classes = seed % 4 == 0 ? 7 : 2 + random.Next(11);
        using var study = new PaperStudy
        {
            Seed = (ulong)seed,
            Classes = classes,
            Images = (int)(60 * classes * Math.Pow(10, random.Uniform(-.7, .3))),
            Imbalance = seed % 2 == 0 ? 1 : random.Uniform(2, 20),
            Accuracy = random.Uniform(Math.Max(.2, 1.3 / classes), .95),
            Favourite = random.Uniform(0, .4),
        }.Write();

        var complaints = study.Examine();

        Assert.Empty(complaints.Where(c => c.Finding.IsAlarm)
            .Select(c => $"{c.About}: {c.Finding.Detector}: {c.Finding.Message}"));
        Assert.Contains(complaints, c => c.Finding is { Detector: SeenTestImages.Choice, Severity: Severity.Fine });
        Assert.Contains(complaints, c => c.Finding is { Detector: CopiesAcrossRoles.Detector, Severity: Severity.Fine });
        Assert.Contains(complaints, c => c.Finding is { Detector: LabelJoin.Detector, Severity: Severity.Fine });
        Assert.Contains(complaints, c => c.Finding is { Detector: ShuffledControl.Detector, Severity: Severity.Fine });
    }

    /// <summary>
    /// The set's own test part is the test, and the other images train: no image of a training cluster is apart from it.
    /// </summary>
    private static string PartsOfTheirOwn =>
        Plain.Replace("{ generator: 0.5, validation: 0.1, test: 0.4 }", "{ generator: 1, validation: 0, test: 0 }",
            StringComparison.Ordinal);

    private const string Plain = PaperStudy.PlainYaml;

    private static PaperStudy Large => new() { Images = 6000, Imbalance = 4 };

    [Fact]
    public void Of_PredictionsShuffledAgainstLabels_SaysTheyAreIndependent()
    {
        using var study = (Large with { Tested = p => Rows(p, new KeyedRandom(3, "shuffle").Permutation(p.Count)) }).Write();

        var found = Alarm(study.Examine(copies: false), LabelIndependence.Detector);

        Assert.Equal(("test real/net/0", Severity.Fault), (found.About, found.Finding.Severity));
    }

    [Fact]
    public void Of_PredictionsMovedByABatch_SaysHowFar()
    {
        using var study = (
            Large with { Tested = p => Rows(p, [.. Enumerable.Range(0, p.Count).Select(i => (i + 64) % p.Count)]) }).Write();

        // In a test set sorted by class, a few rows more or less fit about as well.
        Assert.InRange(Alarm(study.Examine(copies: false), OrderShift.Detector).Finding["lag"], 56, 72);
    }

    [Fact]
    public void Of_ClassesInFolderOrderTestedInCsvOrder_SaysWhichClassMeansWhich()
    {
        int[] csv = [0, 1, 2, 3, 6, 4, 5];
        using var study = (Large with { Tested = p => Columns(p, csv) }).Write();

        var found = Alarm(study.Examine(copies: false), PermutedClasses.Detector);

        Assert.Equal(Severity.Fault, found.Finding.Severity);
        Assert.Contains("'class-4' means ", found.Finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_LabelsOfOtherImages_NamesTheFirst()
    {
        using var study = new PaperStudy
        {
            Tested = p =>
            new(p.Classes, p.Ids, [.. p.Labels.Skip(1), p.Labels[0]], p.Probabilities)
        }.Write();

        var found = Alarm(study.Examine(copies: false), LabelJoin.Detector);

        Assert.Equal((Severity.Fault, "test real/net/0"), (found.Finding.Severity, found.About));
        Assert.True(found.Finding["labels-that-differ"] > 0);
    }

    [Fact]
    public void Of_GeneratorWithItsClassesInAnotherOrder_IsAFaultOfItAndItsSet()
    {
        using var study = new PaperStudy { GeneratorClasses = names => [.. names[..5], names[6], names[5]] }.Write();

        var found = Alarm(study.Examine(copies: false), ClassMaps.Detector);

        Assert.Equal(("data, generator g and 1 more", Severity.Fault), (found.About, found.Finding.Severity));
        Assert.Contains("5 is 'class-5' here and 'class-6' there", found.Finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, Severity.Warning)]
    [InlineData(40, Severity.Fault)]
    public void Of_TestImagesAmongTrainingImages_CountsThem(int copies, Severity severity)
    {
        using var study = new PaperStudy
        {
            Data = set => Copy(set, copies),
            Yaml = PartsOfTheirOwn,
        }.Write();

        var found = Alarm(study.Examine(), CopiesAcrossRoles.Detector);

        Assert.Equal((severity, copies, 100),
            (found.Finding.Severity, (int)found.Finding["exact"], (int)found.Finding["images"]));
        Assert.Contains($"{copies} of 100 test images", found.Finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_CopiesWithinTheTrainingImages_AreNoAlarm()
    {
        using var study = new PaperStudy { Data = set => Copy(set, 40, to: 200), Yaml = PartsOfTheirOwn }.Write();

        Assert.DoesNotContain(study.Examine(), c => c.Finding is { Detector: CopiesAcrossRoles.Detector, IsAlarm: true });
    }

    [Fact]
    public void Of_EpochChosenOnTestImages_IsAFault()
    {
        using var study = new PaperStudy
        {
            Seen = (seen, split) =>
            seen with { Chose = [.. split.Ids(Role.Test).Take(10)] }
        }.Write();

        var found = Alarm(study.Examine(copies: false), SeenTestImages.Choice);

        Assert.Equal((Severity.Fault, 10), (found.Finding.Severity, (int)found.Finding["shared"]));
    }

    [Fact]
    public void Of_StudyTestedOnItsValidationImages_IsAFault()
    {
        using var study = new PaperStudy { Yaml = Plain + "\ntest: validation\n" }.Write();

        Assert.Equal(Severity.Fault, Alarm(study.Examine(copies: false), SeenTestImages.Choice).Finding.Severity);
    }

    [Fact]
    public void Of_ArmTrainedOnTestImages_IsAFault()
    {
        using var study = new PaperStudy
        {
            Yaml = Plain.Replace("real: { train_on: [real] }",
            "real: { train_on: [{ set: real, role: test, fraction: 0.5 }] }", StringComparison.Ordinal)
        }.Write();

        var found = Alarm(study.Examine(copies: false), SeenTestImages.Training);

        Assert.Equal((Severity.Fault, "test real/net/0"), (found.Finding.Severity, found.About));
        Assert.InRange(found.Finding["shared"], 70, 90);
    }

    [Fact]
    public void Of_GeneratorThatSawTestImages_IsAFault()
    {
        using var study = new PaperStudy
        {
            Yaml = Plain.Replace("kimg: 1 }", "kimg: 1, train_on: [generator, test] }", StringComparison.Ordinal)
        }.Write();

        Assert.Equal(Severity.Fault, Alarm(study.Examine(copies: false), RolesSeen.Detector).Finding.Severity);
    }

    [Fact]
    public void Of_ClassifierOfAnotherSplit_IsAFault()
    {
        using var study = new PaperStudy { ClassifierSplit = _ => new string('a', 64) }.Write();

        var found = Alarm(study.Examine(copies: false), SplitHashes.Detector);

        Assert.Equal(Severity.Fault, found.Finding.Severity);
        Assert.Contains("aaaaaaaaaaaa classifier real/net/0, classifier synthetic/net/0, classifier shuffled/net/0",
            found.Finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_DamagedPredictions_TellsItAndLooksAtTheRest()
    {
        using var study = new PaperStudy().Write();
        var file = study.FileOf("test real/net/0", "predictions.csv");
        var text = File.ReadAllText(file);
        File.WriteAllText(file, text[..(text.Length / 2)] + new string(',', text.Length - text.Length / 2));

        var complaints = study.Examine(copies: false);

        Assert.Contains("predictions.csv:", Alarm(complaints, "unreadable").Finding.Message, StringComparison.Ordinal);
        Assert.Contains(complaints, c => c.About == "test synthetic/net/0");
    }

    private static Complaint Alarm(IReadOnlyList<Complaint> complaints, string detector)
    {
        Assert.Equal(complaints.OrderByDescending(c => c.Finding.Severity), complaints);
        return complaints.First(c => c.Finding.Detector == detector && c.Finding.IsAlarm);
    }

    /// <summary>Row i gets what was said of row <paramref name="from"/>[i].</summary>
    private static Predictions Rows(Predictions p, int[] from)
    {
        var moved = new float[p.Count, p.Classes.Count];
        for (int i = 0; i < p.Count; i++)
        {
            for (int k = 0; k < p.Classes.Count; k++) moved[i, k] = p.Probabilities[from[i], k];
        }
        return new(p.Classes, p.Ids, p.Labels, moved);
    }

    private static Predictions Columns(Predictions p, int[] from)
    {
        var moved = new float[p.Count, p.Classes.Count];
        for (int i = 0; i < p.Count; i++)
        {
            for (int k = 0; k < p.Classes.Count; k++) moved[i, k] = p.Probabilities[i, from[k]];
        }
        return new(p.Classes, p.Ids, p.Labels, moved);
    }

    /// <summary>The last hundred images come as the test part, and the first of these show what training images show.</summary>
    private static ImageSet Copy(ImageSet set, int copies, int? to = null)
    {
        var pixels = set.Pixels.ToArray();
        var (first, size) = (to ?? set.Count - 100, set.Shape.Size);
        for (int i = 0; i < copies; i++) set[i].CopyTo(pixels.AsSpan((first + i) * size));
        return new(set.Classes, set.Shape, [.. set.Ids], [.. set.Labels], pixels,
            [.. Enumerable.Range(0, set.Count).Select(i => i >= set.Count - 100 ? "test" : "train")]);
    }
}
