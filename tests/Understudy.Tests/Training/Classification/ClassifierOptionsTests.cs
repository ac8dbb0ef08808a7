using Understudy.Common;
using Understudy.Training.Classification;

namespace Understudy.Tests.Training.Classification;

public sealed class ClassifierOptionsTests
{
    [Fact]
    public void Recipe_EveryName_IsValidAndSurvivesJson()
    {
        foreach (var name in ClassifierOptions.RecipeNames)
        {
            var options = ClassifierOptions.Recipe(name);
            options.Validate();
            Assert.Equal(options, StrictJson.Read<ClassifierOptions>(StrictJson.Write(options), name));
        }
    }

    [Fact]
    public void Recipe_UnknownName_ListsTheKnown() =>
        Assert.Equal("recipe: 'c' is not known; one of: screening, a, b, smoke", Assert.Throws<OptionException>(() => ClassifierOptions.Recipe("c")).Message);

    [Fact]
    public void Validate_OutOfRange_NamesKeyValueAndRange()
    {
        var valid = ClassifierOptions.Recipe("screening");
        string Message(ClassifierOptions o) => Assert.Throws<OptionException>(o.Validate).Message;
        Assert.Equal("early_size: 40 is out of range; give 8 to 32", Message(valid with { EarlySize = 40 }));
        Assert.Equal("label_smoothing: 1 is out of range; give 0 to 0.99", Message(valid with { LabelSmoothing = 1 }));
        Assert.StartsWith("steps: 7 is out of range; give 8 to", Message(valid with { Steps = 7 }), StringComparison.Ordinal);
        Assert.Equal("augment.erasing: 2 is out of range; give 0 to 1", Message(valid with { Augment = new() { Erasing = 2 } }));
    }
}
