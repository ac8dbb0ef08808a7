using Understudy.Common;
using Understudy.Evaluation.Diagnosis;

namespace Understudy.Tests.Evaluation.Diagnosis;

public sealed class ClassMapsTests
{
    [Fact]
    public void Check_CsvAgainstFolders_NamesBothOrders()
    {
        var finding = ClassMaps.Check("generator", Studies.Csv, "test set", Studies.Folders);
        Assert.Equal(Severity.Fault, finding.Severity);
        Assert.Equal(3, finding["moved"]);
        Assert.Equal(
            "generator and test set have the same classes in another order: 4 is 'sad' here and 'neutral' there, 5 is 'surprise' "
            + "here and 'sad' there, "
            + "6 is 'neutral' here and 'surprise' there (generator has the order of fer2013.csv, test set has the alphabetical "
            + "order of folders).", finding.Message);
    }

    [Fact]
    public void Check_OtherSpelling_IsAWarning()
    {
        var finding = ClassMaps.Check("a", ["Anger", "Happiness"], "b", ["angry", "happy"]);
        Assert.Equal(Severity.Warning, finding.Severity);
        Assert.Contains("0 is 'Anger' here and 'angry' there", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_OtherSpellingInAnotherOrder_IsAFault() =>
        Assert.Contains("another order", ClassMaps.Check("a", ["Happiness", "Anger"], "b", ["angry", "happy"]).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Check_AnotherClass_NamesItAndTheNearest()
    {
        var finding = ClassMaps.Check("a", ["angry", "contempt"], "b", ["angry", "contemt", "fear"]);
        Assert.Equal(Severity.Fault, finding.Severity);
        Assert.Equal(
            "a and b do not have the same classes: only a has 'contempt' (near 'contemt'); only b has 'contemt' (near "
            + "'contempt'), 'fear'.", finding.Message);
    }

    [Fact]
    public void Check_TwentyEqualMaps_RaisesNothing()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            var random = new KeyedRandom(seed, "tests/maps");
            string[] names = [.. random.Permutation(2 + random.Next(100))
                .Select(k => seed % 2 == 0 && k < 7 ? Studies.Folders[k] : $"class {k}")];
            Assert.Equal(Severity.Fine, ClassMaps.Check("a", names, "b", [.. names]).Severity);
        }
    }
}
