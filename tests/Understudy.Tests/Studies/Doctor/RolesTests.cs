using Understudy.Data;
using Understudy.Studies.Doctor;

namespace Understudy.Tests.Studies.Doctor;

public sealed class RolesTests
{
    [Fact]
    public void Of_PartsWithoutASplit_AreTheRoles_HalvesOfATestBeingTest()
    {
        var set = new ImageSet(new(["a"]), new(1, 1, 1), ["1", "2", "3", "4"], new int[4], new byte[4],
            ["train", "val", "PublicTest", "PrivateTest"]);
        Assert.Equal(["train", "val", "test", "test"], new Roles([]).Of(set));
    }
}
