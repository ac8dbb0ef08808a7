using Understudy.Common;
using Understudy.Networks;
using Understudy.Training.Augmentation;
using Understudy.Training.Classification;

namespace Understudy.Tests.Common;

public sealed class EnumWordsTests
{
    [Fact]
    public void Word_OfEveryEnum_IsWhatJsonHoldsAndComesBack()
    {
        foreach (var type in typeof(EnumWords).Assembly.GetTypes().Where(t => t is { IsEnum: true, Namespace: not null }))
        {
            foreach (var value in Enum.GetValues(type).Cast<Enum>())
            {
                Assert.Equal($"\"{value.Word()}\"", StrictJson.WriteLine<object>(value));
                Assert.Equal(value, EnumWords.Parse(type, value.Word()));
            }
        }
    }

    [Fact]
    public void All_OfTheEnumsThatPeopleWriteMost_AreOrdinaryWords()
    {
        Assert.Equal(["float32", "bfloat16", "auto"], EnumWords.All(typeof(Precision)));
        Assert.Equal(["sgd", "adamw"], EnumWords.All(typeof(ClassifierOptimiser)));
        Assert.Contains("diff_augment", EnumWords.All(typeof(AugmentKind)));
    }

    [Theory]
    [InlineData("BFLOAT16", Precision.BFloat16)]
    [InlineData("b_float16", null)]
    [InlineData("1", null)]
    [InlineData("", null)]
    public void Parse_Word_InAnyCaseAndNothingElse(string word, Precision? value) =>
        Assert.Equal(value, EnumWords.Parse<Precision>(word));

    [Fact]
    public void Word_OfANumberWithoutName_IsRefused() => Assert.Throws<ArgumentException>(() => ((Precision)7).Word());
}
