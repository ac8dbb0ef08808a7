using Understudy.Common;
using Understudy.Data;
using Understudy.Training.Classification;

namespace Understudy.Tests.Training.Classification;

public sealed class ClassifierDataTests
{
    [Fact]
    public void Validate_AValidationImageThatIsTrainedOn_IsNamed()
    {
        var set = Stripes.Draw(40);
        var data = Stripes.Data(set, 30, 10);
        data.Validate();
        var overlapping = data with { Validation = set.Subset([29, 30, 31]) };
        Assert.Equal("validation: image 's0029' is also trained on; give images that are not, the best epoch is chosen with them",
            Assert.Throws<OptionException>(overlapping.Validate).Message);
    }

    /// <summary>Drawn images are numbered as they come, and so are those of some data sets.</summary>
    [Fact]
    public void Validate_AnotherImageOfTheSameId_IsNoneOfThem()
    {
        var (set, drawn) = (Stripes.Draw(40), Stripes.Draw(40, seed: 2));
        var sets = new Dictionary<string, ImageSet> { ["drawn"] = drawn };
        new ClassifierData(Selection.Of("drawn", drawn), sets, set.Subset([0, 1, 2]), "split").Validate();
    }
}
